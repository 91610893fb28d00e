public import PeerNetworking

/// What a workload runs with: who it is and where, and the providers of its process.
public struct PeerContext: Sendable {
    /// Another peer of the lab that runs the same.
    public struct Other: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Where it listens.
        public var endpoint: Endpoint

        /// Makes one.
        public init(name: String, endpoint: Endpoint) {
            self.name = name
            self.endpoint = endpoint
        }
    }

    /// The peer's name, unique in the lab.
    public var name: String
    /// Where it listens; port 0 for one that does not.
    public var local: Endpoint
    /// Where it connects to; ``local`` for one that does not.
    public var remote: Endpoint
    /// The other peers of the lab that run the same and listen, in the order of the lab.
    public var others: [Other] { group.filter { $0.name != name } }
    /// They and this one: all of them share one list, for there may be 100,000 who never ask for it.
    private let group: [Other]
    /// How its connections are kept.
    public var config: PeerConfig
    /// Network, time, tasks, randomness and the observer.
    public var providers: Providers

    /// Makes the context of a peer.
    ///
    /// - Parameters:
    ///   - name: unique in the run.
    ///   - local: where it listens.
    ///   - remote: where it connects to; without, `local`.
    ///   - others: those that run the same; this one may be among them.
    ///   - config: of its connections.
    ///   - providers: the process's.
    public init(
        name: String, local: Endpoint, remote: Endpoint? = nil, others: [Other] = [], config: PeerConfig = PeerConfig(),
        providers: Providers
    ) {
        self.name = name
        self.local = local
        self.remote = remote ?? local
        group = others
        self.config = config
        self.providers = providers
    }

    /// Makes the peer known to the observer: what the workload tells of itself goes under this number.
    public func register() -> PeerNumber { providers.observer.register(name, queueCapacity: config.queueCapacity) }
}
