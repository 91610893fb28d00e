import NIOCore
public import PeerNetworking

/// A node that tells all the others at each interval that it lives, and reckons which of them do.
///
/// Its progress is the number of others that it takes to be alive, of those that there are.
public actor HeartbeatMesh {
    private let name: String
    private let local: Endpoint
    private let others: [(name: String, remote: Endpoint)]
    private let config: PeerConfig
    private let interval: Duration
    private let suspectAfter: Duration
    private let providers: Providers
    private nonisolated let executor: any SerialExecutor
    /// The executor of its process: calls from there do not hop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let number: PeerNumber
    /// When each of the others was heard of last.
    private var heard: [Instant?]
    private var told: Int?

    /// Makes a node.
    ///
    /// - Parameters:
    ///   - others: the names of the other nodes, and where they listen.
    ///   - interval: how often it says that it lives.
    ///   - suspectAfter: the silence after which another node is taken to be dead.
    public init(
        name: String, local: Endpoint, others: [(name: String, remote: Endpoint)], config: PeerConfig,
        interval: Duration, suspectAfter: Duration, providers: Providers
    ) {
        self.name = name
        self.local = local
        self.others = others
        self.config = config
        self.interval = interval
        self.suspectAfter = suspectAfter
        self.providers = providers
        executor = providers.tasks.executor
        number = providers.observer.register(name, queueCapacity: config.queueCapacity)
        heard = others.map { _ in nil }
    }

    /// Takes part until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run() async throws(NetworkError) {
        let mesh = self
        let node = PeerNode(name: name, on: local, config: config, providers: providers) { message, session in
            if let other = session.remoteName { await mesh.hear(other) }
        }
        providers.tasks.start("\(name) beats") { await mesh.beat(over: node) }
        try await node.run()
    }

    private func hear(_ other: String) {
        guard let index = others.firstIndex(where: { $0.name == other }) else { return }
        heard[index] = providers.time.now
        tell()
    }

    private func beat(over node: PeerNode) async {
        var due = providers.time.now
        while true {
            for other in others {
                let link = await node.link(with: other.name, at: other.remote)
                // One that does not get through is worth nothing later.
                _ = try? await link.send(ByteBuffer(string: "beat"), delivery: .unreliable)
            }
            due = due.advanced(by: interval)
            if (try? await providers.time.sleep(until: due)) == nil { return }
            tell()
        }
    }

    private func tell() {
        let now = providers.time.now
        let alive = heard.count { $0.map { $0.duration(to: now) < suspectAfter } ?? false }
        guard alive != told else { return }
        told = alive
        providers.observer.note(.progress(done: UInt64(alive), of: UInt64(others.count)), of: number)
    }
}
