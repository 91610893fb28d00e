import NIOCore
public import PeerNetworking

/// A node that tells all the others at each interval that it lives, and reckons which of them do.
///
/// Its progress is the number of others that it takes to be alive, of those that there are.
public struct HeartbeatMesh: Workload {
    /// What a lab file may say.
    public struct Parameters: WorkloadParameters {
        /// How often it says that it lives.
        public var every = TimeSpan.milliseconds(100)
        /// The silence after which another node is taken to be dead, more than `every`; five times that unless given.
        public var suspectAfter: TimeSpan?

        /// Those that are not the types' own.
        public static let bounds = [
            "every": 1_000_000...TimeSpan.bounds.upperBound, "suspect-after": 1_000_000...TimeSpan.bounds.upperBound,
        ]

        /// A tenth of a second, and five of them.
        public init() {}
    }

    /// Its name in lab files.
    public static let name = "heartbeat-mesh"
    /// It listens.
    public static let role = WorkloadRole.listens
    /// Nodes connect to each other.
    public static let alsoConnects = true

    /// Its parameters.
    public let parameters: Parameters
    private let suspectAfter: Duration

    /// Makes a node.
    ///
    /// - Throws: ``Refusal`` where `suspect-after` is not more than `every`.
    public init(_ parameters: Parameters) throws(Refusal) {
        self.parameters = parameters
        suspectAfter = parameters.suspectAfter?.duration ?? parameters.every.duration * 5
        guard suspectAfter > parameters.every.duration else {
            throw Refusal("'suspect-after' must be more than 'every'", at: .value(["suspect-after"]))
        }
    }

    /// It counts those that it takes to be alive, and goes on without end.
    public var tale: WorkloadTale { WorkloadTale(countsTo: .max, finishes: false) }

    /// Takes part until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run(_ peer: PeerContext) async throws(NetworkError) {
        let beats = Beats(of: peer, every: parameters.every.duration, suspectAfter: suspectAfter)
        let node = PeerNode(name: peer.name, on: peer.local, config: peer.config, providers: peer.providers) {
            message, session in
            if let other = session.remoteName { await beats.hear(other) }
        }
        peer.providers.tasks.start("\(peer.name) beats") { await beats.beat(over: node) }
        try await node.run()
    }
}

/// What a node hears of the others, and tells them.
private actor Beats {
    private nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let others: [PeerContext.Other]
    private let interval: Duration
    private let suspectAfter: Duration
    private let providers: Providers
    private let number: PeerNumber
    /// When each of the others was heard of last.
    private var heard: [Instant?]
    private var told: Int?

    init(of peer: PeerContext, every interval: Duration, suspectAfter: Duration) {
        others = peer.others
        self.interval = interval
        self.suspectAfter = suspectAfter
        providers = peer.providers
        executor = peer.providers.tasks.executor
        number = peer.register()
        heard = peer.others.map { _ in nil }
    }

    func hear(_ other: String) {
        guard let index = others.firstIndex(where: { $0.name == other }) else { return }
        heard[index] = providers.time.now
        tell()
    }

    func beat(over node: PeerNode) async {
        var due = providers.time.now
        while true {
            for other in others {
                let link = await node.link(with: other.name, at: other.endpoint)
                // One that does not get through is worth nothing later.
                _ = try? await link.send(ByteBuffer(string: "beat"), delivery: .unreliable)
            }
            // A clock that is set forward leaves no beats to be made up for.
            due = max(due.advanced(by: interval), providers.time.now)
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
