import NIOCore
import PeerNetworking
import SimNetwork
import Synchronization
import TCP

/// What a test's tasks say, in order; they run on the simulation's thread, and the test reads afterwards.
final class Transcript: Sendable {
    private let lines = Mutex<[String]>([])

    func say(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
    func contains(_ line: String) -> Bool { all.contains(line) }
}

/// A client and a server host on one link, and what a test does with them.
struct TwoHosts {
    let simulation: Simulation
    let client: HostID
    let server: HostID
    let link: LinkID
    let transcript = Transcript()

    init(
        seed: UInt64 = 1, latency: Latency = .constant(1_000_000), loss: Double = 0,
        clientTCP: TCPOptions = .sendingAtOnce, serverTCP: TCPOptions = .sendingAtOnce,
        options: SimulationOptions = SimulationOptions()
    ) {
        var topology = Topology()
        client = topology.addHost("client", tcp: clientTCP)
        server = topology.addHost("server", tcp: serverTCP)
        link = topology.connect(client, server, LinkProperties(latency: latency, loss: .independent(Probability(loss))))
        simulation = Simulation(topology: topology, seed: seed, options: options)
    }

    @discardableResult
    func onServer(_ name: String = "server", _ program: @escaping Program) -> ProcessID {
        simulation.addProcess(name, on: server, program: program)
    }

    @discardableResult
    func onClient(_ name: String = "client", _ program: @escaping Program) -> ProcessID {
        simulation.addProcess(name, on: client, program: program)
    }

    /// A server that accepts, and runs a task for each connection.
    @discardableResult
    func serve(_ body: @escaping @Sendable (any ByteStream, Providers) async throws -> Void) -> ProcessID {
        let transcript = transcript
        return onServer { providers in
            do {
                let listener = try await providers.network.listen(on: Endpoint(host: "server", port: 80))
                while true {
                    let stream: any ByteStream = try await listener.accept()
                    providers.tasks.start("session") {
                        do { try await body(stream, providers) } catch { transcript.say("server: \(code(error))") }
                    }
                }
            } catch { transcript.say("server: \(code(error))") }
        }
    }

    /// A client that connects and goes on.
    @discardableResult
    func connect(
        _ body: @escaping @Sendable (any ByteStream, Providers) async throws -> Void
    ) -> ProcessID {
        let transcript = transcript
        return onClient { providers in
            do {
                let stream = try await providers.network.connect(to: Endpoint(host: "server", port: 80))
                transcript.say("connected")
                try await body(stream, providers)
            } catch { transcript.say("client: \(code(error))") }
        }
    }

    func run(seconds: Double = 1_000) throws {
        try simulation.run(until: Instant(nanoseconds: Int64(seconds * 1e9)))
    }
}

/// The code of an error, for a transcript.
func code(_ error: any Error) -> String { (error as? NetworkError)?.code.rawValue ?? "\(error)" }

func bytes(_ count: Int, _ value: UInt8 = 7) -> ByteBuffer {
    ByteBuffer(repeating: value, count: count)
}

func text(_ buffer: ByteBuffer?) -> String { buffer.map { String(buffer: $0) } ?? "end of stream" }

/// Echoes until the end of the stream, then closes.
@Sendable func echo(_ stream: any ByteStream, _ providers: Providers) async throws {
    while let bytes = try await stream.read(upTo: 65_536) { try await stream.write(bytes) }
    await stream.close()
}
