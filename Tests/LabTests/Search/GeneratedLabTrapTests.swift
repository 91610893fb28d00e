import Foundation
import PeerNetworking
import Testing
import Workloads

@testable import Lab
@testable import SimNetwork

/// No valid lab ends in a trap or hangs: labs that seeds make are run under invariants, in a process of their own.
@Suite struct GeneratedLabTrapTests {
    @Test func labsThatAreValidDoNotTrap() async { await Search.inAnotherProcess(seeds: 1...200, events: 1_500) }

    /// What searches of 20,000 have found.
    @Test(arguments: FoundLab.all.indices)
    func labsThatOnceDid(place: Int) throws {
        let found = FoundLab.all[place]
        try Search.run(try LabFile.read(text: found.text, name: "found"), seed: found.seed, events: 7_000)
    }

    /// Whatever is under way when a run ends goes with it, wherever that is: one serves, and the others ask.
    @Test(arguments: [
        ["request-response: {takes: 60m}", "request-response: {every: 1ms, count: 1000, parallel: 5, timeout: 2ms}"],
        ["publish-subscribe: {}", "publish-subscribe: {subscribe: t}", "publish-subscribe: {publish: t, every: 1ms}"],
        ["work-queue: {}", "work-queue: {takes: 10ms}"], ["keeping: {}", "ping-pong: {every: 1ms}"],
    ])
    func nothingIsLeftOf(workloads: [String]) throws {
        let peers = workloads.enumerated().map { place, workload in
            "  - {name: p\(place), on: a, \(place == 0 ? "listen: 100" : "connect: 'a:100'"), run: {\(workload)}}\n"
        }
        let faults = "faults: [{at: 100ms, process-kill: p0}, {at: 110ms, restart: p0}]\n"
        let lab = try LabFile.read(
            text: "lab: waiting\nhosts: {a: {}}\npeers:\n\(peers.joined())\(faults)", name: "waiting",
            workloads: .shipped.adding([Keeping.self]))
        for events in stride(from: 20, through: 200, by: 20) { try Search.run(lab, seed: 1, events: events) }
    }

    /// Another registry is how a user's own workload comes in: one that traps ends the search, and with its text.
    @Test func theSearchSeesATrap() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try Search.run(seeds: 1...200, events: 1_500, workloads: WorkloadRegistry.shipped.adding([Trapping.self]))
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("this workload traps"))
        #expect(text.contains("seed: "), "the lab that leads there is named")
    }

    /// What a run without errors must be: labs are read back from what they are made of, and do something.
    @Test func labsAreManifold() throws {
        let labs = try (1...200).map { try GeneratedLab(seed: $0) }
        #expect(Set(labs.map(\.text)).count == 200)
        let workloads = Set(labs.flatMap { generated in generated.lab.peers.map(\.workload.name) })
        #expect(workloads == Set(WorkloadRegistry.shipped.names))
        #expect(labs.contains { $0.lab.turnsKnobs } && labs.contains { $0.lab.taskOrder == .shuffled })
    }
}

/// The long search.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil))
struct GeneratedLabSoakTests {
    /// Twenty thousand: as many parts at a time as leave each the gigabytes that a lab's buffers may have.
    @Test(arguments: 0..<4)
    func labsThatAreValidDoNotTrap(part: UInt64) async {
        await Search.inAnotherProcess(seeds: (part * 5_000 + 1)...(part * 5_000 + 5_000), events: 10_000)
    }
}

/// Runs the labs of seeds.
enum Search {
    /// Runs them where a trap ends nothing else, and names the lab that led to one.
    static func inAnotherProcess(seeds: ClosedRange<UInt64>, events: Int) async {
        let (first, last): (UInt64, UInt64) = (seeds.lowerBound, seeds.upperBound)
        let file = FileManager.default.temporaryDirectory.appending(path: "peerlab-generated-\(first)-\(last).yaml")
            .path
        let result = await #expect(processExitsWith: .success) {
            [first = first as UInt64, last = last as UInt64, events = events as Int, file = file as String] in
            do {
                try Search.run(seeds: first...last, events: events, under: file)
            } catch {
                // Its standard error is nobody's: what was found stands under the lab.
                let text = try String(contentsOfFile: file, encoding: .utf8)
                try "\(text)# \(error)\n".write(toFile: file, atomically: true, encoding: .utf8)
                throw error
            }
        }
        guard result == nil else { return _ = unlink(file) }
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        Issue.record("the lab is \(file); its seed stands in it\n\(text.suffix(300))")
    }

    /// - Parameter file: where the lab that runs is written to.
    static func run(
        seeds: ClosedRange<UInt64>, events: Int, workloads: WorkloadRegistry = .shipped, under file: String? = nil
    ) throws {
        for seed in seeds {
            let generated = try GeneratedLab(seed: seed, workloads: workloads)
            // Whatever ends the process here, this says where it was.
            let text = Data("\(generated.text)seed: \(seed)\n".utf8)
            if let file { try text.write(to: URL(fileURLWithPath: file)) } else { FileHandle.standardError.write(text) }
            do {
                try run(generated.lab, seed: seed, events: events)
            } catch {
                throw Found(seed: seed, what: "\(error)")
            }
            // What was freed is given back first: a lab's buffers may have been large.
            giveBackMemory()
            let memory = try residentBytes()
            guard memory < 256 << 20 else { throw Found(seed: seed, what: "\(memory) bytes of memory are kept") }
        }
    }

    /// Nothing is left of a run that has ended: what its peers hold of one another and of its world goes with it.
    static func run(_ lab: LabDefinition, seed: UInt64, events: Int) throws {
        weak var world: World?
        do {
            var arranged = RecordLog()
            let run = Run(lab: lab, seed: seed, arranged: &arranged)
            defer { run.close() }
            world = run.simulation.world
            while run.state.event < events, try run.step() {}
        }
        guard world == nil else { throw Found(seed: seed, what: "the world is kept when its run has ended") }
    }

    /// The C library keeps what was freed, for what comes next.
    fileprivate static func giveBackMemory() {
        // Its header is in no module.
        guard let trim = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(trim, to: (@convention(c) (Int) -> Int32).self)(0)
    }

    /// What the process has of memory now: labs that were run leave none behind.
    fileprivate static func residentBytes() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (pages.dropFirst().first.flatMap { Int($0) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// A lab that is valid and ends with an error, or takes memory and keeps it.
    struct Found: Error { var seed: UInt64, what: String }
}

/// A workload that traps after a second.
private struct Trapping: Workload {
    static let name = "trapping"
    static let role = WorkloadRole.listens

    init(_ parameters: NoParameters) {}

    func run(_ peer: PeerContext) async throws(NetworkError) {
        try await peer.providers.time.sleep(for: .milliseconds(1))
        preconditionFailure("this workload traps")
    }
}

/// A server that keeps its sessions for good, as a user's own may, though they hold what takes their messages.
private struct Keeping: Workload {
    static let name = "keeping"
    static let role = WorkloadRole.listens

    init(_ parameters: NoParameters) {}

    func run(_ peer: PeerContext) async throws(NetworkError) {
        let kept = Sessions(executor: peer.providers.tasks.executor)
        let server = PeerServer(name: peer.name, on: peer.local, config: peer.config, providers: peer.providers) {
            _, session in await kept.add(session)
        }
        try await server.run()
    }

    private actor Sessions {
        nonisolated let executor: any SerialExecutor
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
        var all: [Peer] = []

        init(executor: any SerialExecutor) { self.executor = executor }

        func add(_ session: Peer) { all.append(session) }
    }
}
