import Foundation
import NIOConcurrencyHelpers
import NIOCore
import PeerNetworking
import SimNetwork
import Testing
import Workloads

@testable import Lab

/// What a program of a test does at one end of a lab, on whichever network.
struct Scripted: Workload {
    static let name = "scripted"
    static let role = WorkloadRole.listens
    static let alsoConnects = true

    private let script: @Sendable (Scene) async throws -> Void
    private let said: Said
    let parameters = NoParameters()

    init(_ parameters: NoParameters) { self.init(Said()) { _ in } }

    init(_ said: Said, _ script: @escaping @Sendable (Scene) async throws -> Void) {
        self.said = said
        self.script = script
    }

    func run(_ peer: PeerContext) async {
        do {
            try await script(Scene(peer: peer, said: said))
            said.end()
        } catch {
            // The end of the run.
        }
    }
}

/// What the programs of a test have said, and how many of them have come to their end.
final class Said: Sendable {
    private let state = NIOLockedValueBox<(lines: [String], ended: Int)>(([], 0))

    var lines: [String] { state.withLockedValue { $0.lines } }
    var ended: Int { state.withLockedValue { $0.ended } }

    func say(_ line: String) { state.withLockedValue { $0.lines.append(line) } }
    func end() { state.withLockedValue { $0.ended += 1 } }
    /// What one of them has said.
    func lines(of name: String) -> [String] {
        lines.filter { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}

/// A program's surroundings.
struct Scene: Sendable {
    let peer: PeerContext
    let said: Said

    var network: any NetworkProvider { peer.providers.network }

    func say(_ line: String) { said.say("\(peer.name): \(line)") }

    /// Opens a connection to the server.
    func connect() async throws -> any ByteStream { try await network.connect(to: peer.remote) }

    /// Listens on the server's port.
    func listen() async throws -> any StreamListener { try await network.listen(on: peer.local) }

    /// Sleeps until so many milliseconds have passed since the run began.
    func until(milliseconds: Int64) async throws {
        try await peer.providers.time.sleep(until: Instant(nanoseconds: milliseconds * 1_000_000))
    }

    /// How many milliseconds have passed since the run began.
    var milliseconds: Int64 { peer.providers.time.now.nanoseconds / 1_000_000 }

    /// Does something and says what came of it.
    func trying(_ what: String, _ body: () async throws -> String) async throws {
        do {
            say("\(what) \(try await body())")
        } catch let error as NetworkError {
            if error.code == .cancelled { throw error }
            say("\(what) \(error.code)")
        }
    }

    /// Waits until a program has said something.
    func heard(_ line: String) async throws {
        while !said.lines.contains(line) { try await peer.providers.time.sleep(for: .milliseconds(1)) }
    }

    /// Waits a while: for what is on its way to arrive.
    func pause(milliseconds: Int) async throws {
        try await peer.providers.time.sleep(for: .milliseconds(milliseconds))
    }

    /// Tries something again and again until there are sockets for it, and says what came of it.
    func untilThereIsRoom(_ what: String, _ body: () async throws -> String) async throws {
        while true {
            do {
                return say("\(what) \(try await body())")
            } catch let error as NetworkError where error.code == .tooManyOpenFiles {
                try await pause(milliseconds: 5)
            }
        }
    }

    /// Reads once, and says what.
    func read(_ stream: any ByteStream, upTo most: Int = 1_000) async throws {
        try await trying("read") { try await stream.read(upTo: most).map { "\($0.readableBytes)" } ?? "end" }
    }

    /// Writes so many bytes, and says how that went.
    func write(_ count: Int, to stream: any ByteStream) async throws {
        try await trying("write") {
            try await stream.write(ByteBuffer(repeating: 7, count: count))
            return "\(count)"
        }
    }

    /// Accepts one connection after the other and closes it.
    func acceptAll() async throws {
        let listener = try await listen()
        while true {
            let stream: any ByteStream = try await listener.accept()
            await stream.close()
        }
    }
}

/// One lab with a program at each of its two ends, run on any network.
struct CallTrial {
    var seed: UInt64 = 3
    var duration = "2s"
    /// What stands under `faults:`.
    var faults: String
    var server: @Sendable (Scene) async throws -> Void
    var client: @Sendable (Scene) async throws -> Void

    /// What came of a run.
    struct Outcome {
        let said: Said
        let snapshot: Snapshot

        func fault(_ family: FaultFamily) -> FaultState? { snapshot.world.faults.first { $0.family == family } }
    }

    func lab(_ said: Said) throws -> LabDefinition {
        var lab = try LabFile.read(
            text: """
                lab: calls
                seed: \(seed)
                duration: \(duration)
                hosts: [client, server]
                links:
                  - {between: [client, server], latency: 200us}
                peers:
                  - {name: server, on: server, listen: 4500, run: echo}
                  - {name: client, on: client, connect: "server:4500", run: ping-pong}
                faults:
                \(faults.split(separator: "\n").map { "  - \($0)" }.joined(separator: "\n"))
                """, name: "calls.yaml")
        lab.peers[0].workload = WorkloadDefinition(Scripted(said, server))
        lab.peers[1].workload = WorkloadDefinition(Scripted(said, client))
        return lab
    }

    /// Runs it to its end, or until so many programs have come to theirs.
    func run(on network: ProviderKind, until programs: Int = 2) throws -> Outcome {
        let said = Said()
        let lab = try lab(said)
        let session = network.open(lab)
        defer { session.close() }
        while said.ended < programs {
            if try session.seek(to: .time(lab.duration), budget: 200) { break }
            if !session.traits.isStepped { usleep(1_000) }
        }
        return Outcome(said: said, snapshot: session.snapshot)
    }

    /// Runs it in the simulation and on a real network.
    func both(on network: ProviderKind, until programs: Int = 2) throws -> (sim: Outcome, real: Outcome) {
        (try run(on: .sim, until: programs), try run(on: network, until: programs))
    }

    /// The real networks that this machine has.
    static let networks: [ProviderKind] = LinuxHosts.obstacle == nil ? [.loopback, .linux] : [.loopback]
}
