import Foundation
import LinuxNetwork
import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// Many connections at once and one after another, each time in a process of its own, which has afterwards what it had before.
@Suite("Load", .serialized)
struct LoadTests {
    @Test("A hundred connections at once leave nothing behind", arguments: ProviderUnderTest.real)
    func aHundred(on provider: ProviderUnderTest) async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [provider = provider as ProviderUnderTest] in
            print(try await Load.atOnce(100, rounds: 1, on: provider).line)
        }
        try Load.check(result, answers: 200)
    }

    @Test("A hundred connections between two processes leave nothing behind in either")
    func twoProcesses() async throws { try await LoadHalves.check(100) }

    @Test("Fifty reconnects leave nothing behind", arguments: ProviderUnderTest.real)
    func fiftyReconnects(on provider: ProviderUnderTest) async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [provider = provider as ProviderUnderTest] in
            print(try await Load.reconnects(50, on: provider).line)
        }
        try Load.check(result, answers: 50)
    }

    @Test(
        "A host that begins anew leaves nothing of what it was",
        .enabled(if: LinuxHosts.obstacle == nil, "\(LinuxHosts.obstacle ?? "")"), arguments: HostDevice.Kind.allCases)
    func powerLoss(_ kind: HostDevice.Kind) async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [kind = kind.rawValue as String] in
            let lab = try LabFile.read(
                text: "lab: case\nhosts: [a, b]\nlinks: [{between: [a, b]}]", name: "case.yaml")
            // Settings and sockets of the system are opened once.
            try LinuxHosts(lab, device: HostDevice.Kind(rawValue: kind)).close()
            let before = Load.Look.now
            let hosts = try LinuxHosts(lab, device: HostDevice.Kind(rawValue: kind))
            let made = Load.Look.now
            for _ in 0..<20 {
                hosts.prepare(HostID(0))
                try hosts.renew(HostID(0))
            }
            let renewed = Load.Look.now
            // What is made for a host that gets no power again goes with the others.
            hosts.prepare(HostID(1))
            hosts.close()
            print(Load.Report(before: before, afterTenth: made, atEnd: renewed, after: .now, answers: 20).line)
        }
        let report = try #require(result.flatMap { Load.Report(output: $0.standardOutputContent) })
        #expect(report.after.descriptors == report.before.descriptors, "\(report)")
        #expect(report.atEnd.descriptors == report.afterTenth.descriptors, "\(report)")
        #expect(report.afterTenth.namespaces == report.before.namespaces + 2, "\(report)")
        #expect(report.atEnd.namespaces == report.afterTenth.namespaces, "\(report)")
    }
}

/// The same with as many as a server has; `make soak` runs it.
@Suite(
    "Load, long", .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil, "make soak"))
struct LoadSoakTests {
    /// Each process has ten thousand ends of them: both would be more files than a process may have open on many machines.
    @Test(
        "Ten thousand connections at once on loopback, ten times",
        .enabled(if: Load.obstacle(toSockets: 10_000) == nil, "\(Load.obstacle(toSockets: 10_000) ?? "")"))
    func onLoopback() async throws { try await LoadHalves.check(10_000, growsBy: 1.1) }

    @Test(
        "A thousand connections at once over the wire, ten times",
        .enabled(if: LinuxHosts.obstacle == nil, "\(LinuxHosts.obstacle ?? "")"),
        .enabled(if: Load.obstacle(toSockets: 2_000) == nil, "\(Load.obstacle(toSockets: 2_000) ?? "")"))
    func onTheWire() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            print(try await Load.atOnce(1_000, on: .linux).line)
        }
        try Load.check(result, answers: 20_000, growsBy: 1.1)
    }

    /// A peer that is broken off each second.
    @Test("An hour's reconnects, one after another", arguments: ProviderUnderTest.real)
    func reconnects(on provider: ProviderUnderTest) async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [provider = provider as ProviderUnderTest] in
            print(try await Load.reconnects(3_600, on: provider).line)
        }
        try Load.check(result, answers: 3_600, growsBy: 1.1)
    }
}

extension ProviderUnderTest {
    /// Those with sockets of a kernel.
    fileprivate static let real = allCases.filter { $0 != .simulation }
}

extension Load {
    /// Looks at what a process has said at its end.
    ///
    /// - Parameter factor: by which its memory may have grown since a tenth of its work; nil where that was too little to tell.
    fileprivate static func check(
        _ result: ExitTest.Result?, answers: Int, growsBy factor: Double? = nil
    ) throws {
        let report = try #require(result.flatMap { Report(output: $0.standardOutputContent) })
        if factor != nil { print(report) }
        #expect(report.answers == answers, "\(report)")
        #expect(report.after.descriptors == report.before.descriptors, "\(report)")
        #expect(report.after.namespaces == report.before.namespaces, "\(report)")
        if let factor {
            #expect(Double(report.atEnd.resident) <= factor * Double(report.afterTenth.resident), "\(report)")
        }
    }
}

extension LoadHalves {
    /// Has so many connections open at once between two processes, ten times, and looks at what both have said at their ends.
    fileprivate static func check(_ count: Int, growsBy factor: Double? = nil) async throws {
        let meeting = try Meeting()
        defer { meeting.close() }
        async let server = serverResult(10 * count, meeting)
        let path = meeting.path
        let client = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [count = count as Int, path = path as String] in
            print(try await LoadHalves.ask(count, rounds: 10, meeting: path).line)
        }
        try Load.check(client, answers: 20 * count, growsBy: factor)
        try Load.check(await server, answers: 10 * count, growsBy: factor)
    }

    private static func serverResult(_ total: Int, _ meeting: Meeting) async -> ExitTest.Result? {
        let path = meeting.path
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [total = total as Int, path = path as String] in
            print(try await LoadHalves.serve(total, meeting: path).line)
        }
        meeting.isOver()
        return result
    }
}
