/// A peer among equals: it listens, it connects, and it has one connection with each of the others, whoever opened it.
///
/// When two nodes connect to each other at once, the connection that the node with the lesser name opened is kept, and the
/// other one is given up; both decide so for themselves, after FoundationDB's `FlowTransport`, where addresses are
/// compared. A node that was started anew is believed: its connection replaces the one before, whoever opened that.
public actor PeerNode {
    /// The node's name, by which the others know it.
    public nonisolated let name: String
    private let config: PeerConfig
    private let providers: Providers
    private let handlers: MessageHandlers
    private nonisolated let executor: any SerialExecutor
    /// The executor of its process: calls from there do not hop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var server: PeerServer?
    private let local: Endpoint
    private var links: [(name: String, peer: Peer)] = []
    /// Where the link with another node is; looked up, never iterated over.
    private var places: [String: Int] = [:]

    /// Makes a node; it listens once it runs.
    ///
    /// - Parameters:
    ///   - name: unique among the nodes.
    ///   - local: this host's endpoint to listen on.
    ///   - config: of each link.
    ///   - providers: the process's.
    ///   - onMessage: takes each message of each link, and of those that are no nodes.
    ///   - onArrival: is asked before, and may take the message without waiting.
    public init(
        name: String, on local: Endpoint, config: PeerConfig = PeerConfig(), providers: Providers,
        onMessage: @escaping MessageHandler, onArrival: ArrivalHandler? = nil
    ) {
        self.name = name
        self.local = local
        self.config = config
        self.providers = providers
        handlers = MessageHandlers(onMessage: onMessage, onArrival: onArrival)
        executor = providers.tasks.executor
    }

    /// Listens, and takes the connections of other nodes, until it is closed or its task is cancelled.
    ///
    /// - Throws: as ``PeerServer/run()``.
    public func run() async throws(NetworkError) {
        // It holds the server: the two would keep each other.
        let server = PeerServer(
            name: name, on: local, config: config, providers: providers, onStream: nil,
            nodeClaim: { [weak self] greeting in await self?.judge(greeting) ?? .stranger }, handlers: handlers)
        self.server = server
        try await server.run()
    }

    /// Gives the link with another node, and makes it where there is none; it connects with its first message, or when it is
    /// told to.
    ///
    /// - Parameters:
    ///   - other: the other node's name; one that gives another is not talked to.
    ///   - remote: where it listens.
    public func link(with other: String, at remote: Endpoint) -> Peer {
        if let place = places[other] { return links[place].peer }
        var config = config
        config.expectedName = other
        let label = "\(name)-\(other)"
        let peer = Peer(
            name: label, remote: remote, accepted: nil, config: config, providers: providers,
            observed: providers.observer.register(label, queueCapacity: config.queueCapacity), sharedDepth: nil,
            register: DeliveryRegister(), breaker: config.breaker.map { EndpointBreaker($0) }, purpose: .node,
            greetingName: name,
            handlers: handlers)
        places[other] = links.count
        links.append((other, peer))
        return peer
    }

    /// How many connections it has, links and strangers' sessions.
    public var connectionCount: Int {
        get async {
            var count = await server?.sessionCount ?? 0
            for link in links where await link.peer.isAttached { count += 1 }
            return count
        }
    }

    private func judge(_ greeting: Greeting) async -> NodeVerdict {
        let hello = greeting.hello
        guard let link = places[hello.name].map({ links[$0] }) else { return .stranger }
        guard await link.peer.yields(to: hello, of: name) else {
            return .refused("'\(name)' keeps the connection that it has opened to '\(hello.name)' itself")
        }
        await link.peer.adopt(greeting)
        return .adopted
    }

    /// Stops listening and closes all links.
    ///
    /// - Parameter limit: how long links and then sessions may take to flush what they hold; without,
    ///   ``PeerConfig/closeTimeout``.
    /// - Returns: how many messages could not be flushed.
    @discardableResult
    public func close(flushingFor limit: Duration? = nil) async -> Int {
        let lost = await links.map(\.peer).close(flushingFor: limit)
        return lost + (await server?.close(flushingFor: limit) ?? 0)
    }
}

extension Peer {
    /// Whether a link gives up what it has, or is about to have, for a connection that the other side has opened.
    fileprivate func yields(to hello: Frame.Hello, of name: String) -> Bool {
        guard !isClosing else { return false }
        // Another life of the other node knows nothing of a connection with the one before.
        if isAttached, hello.origin != remoteOrigin { return true }
        // Nobody knows whether what it has opened, or opens now, will be there: both keep the same one.
        return hello.name < name || !isOpening
    }
}
