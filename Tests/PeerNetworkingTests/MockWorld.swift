import NIOCore
import PeerNetworking
import PeerNetworkingMocks
import Synchronization

/// A client and a server host in memory, with one clock and one executor that a test drives by hand.
struct MockWorld {
    let tasks: MockTaskProvider
    let network: MockNetwork
    let time: MockTimeProvider
    let observer = MockObserver()
    let random: MockRandomProvider
    let said = Said()

    static let server = Endpoint(host: "server", port: 80)

    init(bufferBytes: Int = 65_536, random: MockRandomProvider = MockRandomProvider()) {
        network = MockNetwork(bufferBytes: bufferBytes)
        let executor = ManualExecutor()
        time = MockTimeProvider(on: executor)
        tasks = MockTaskProvider(on: executor, clock: time)
        self.random = random
        _ = network.provider(for: "server")
    }

    func providers(for host: String) -> Providers {
        Providers(
            network: network.provider(for: host), time: time, tasks: tasks, random: random, observer: observer)
    }

    /// Starts something, and runs until all waits.
    @discardableResult
    func start(_ name: String = "test", _ body: @escaping @Sendable () async throws -> Void) -> any TaskHandle {
        let said = said
        let task = tasks.start(name) {
            do {
                try await body()
            } catch {
                said.say("\(name): \((error as? NetworkError)?.code.rawValue ?? "\(error)")")
            }
        }
        tasks.run()
        return task
    }

    /// A peer of the client host.
    func peer(_ config: PeerConfig = Self.config(), name: String = "peer") -> Peer {
        Peer(name: name, to: Self.server, config: config, providers: providers(for: "client"))
    }

    /// A configuration without draws, without heartbeat, and with round numbers.
    static func config(_ change: (inout PeerConfig) -> Void = { _ in }) -> PeerConfig {
        var config = PeerConfig()
        config.heartbeat = nil
        config.connectTimeout = .seconds(3)
        config.backoff.initial = .milliseconds(100)
        config.backoff.maximum = .seconds(5)
        config.backoff.jitter = 0
        config.backoff.resetAfter = .seconds(2)
        change(&config)
        return config
    }

    /// A server that shakes hands and then does with each connection what a test wants.
    @discardableResult
    func serve(_ body: @escaping @Sendable (MockStream) async throws -> Void) -> any TaskHandle {
        let network = network.provider(for: "server")
        let tasks = tasks
        return start("server") {
            let listener = try await network.listen(on: MockWorld.server)
            do {
                while true {
                    let stream = try await listener.accept()
                    tasks.start("session") {
                        try? await stream.write(Frame.hello(.init(origin: 1, name: "server")).encoded())
                        try? await body(stream)
                    }
                }
            } catch {
                await listener.close()
            }
        }
    }

    /// The waits before connect attempts that a peer has told of.
    func backoffs(of name: String = "peer") -> [Duration] {
        observer.events(of: name).compactMap { event in
            if case .backoff(_, let nanoseconds) = event { .nanoseconds(nanoseconds) } else { nil }
        }
    }
}

/// What tasks say.
final class Said: Sendable {
    private let lines = Mutex<[String]>([])

    func say(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

/// Reads a stream to its end and answers nothing.
@Sendable func swallow(_ stream: MockStream) async throws {
    while try await stream.read(upTo: 65_536) != nil {}
    await stream.close()
}
