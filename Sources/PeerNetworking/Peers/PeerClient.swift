import Bug
import DequeModule
public import NIOCore

/// What an application holds of a server: messages over one connection or a pool of them, and byte streams.
///
/// Each connection is a ``Peer``, with its own queue, opened with the first message that takes it or when it is told to.
/// Ordered messages take the first connection and arrive in order; unordered ones take any, by the pool's choice. A
/// connection that has given up is replaced; one too many that nobody uses is closed.
public actor PeerClient {
    /// Whether a message keeps its place among the others.
    public enum Order: Hashable, Sendable {
        /// It arrives after those that were sent before it, and before those after it.
        case ordered
        /// It may take any connection, and so pass others or be passed by them.
        case unordered
    }

    /// The client's name, for records and messages; its connections are told apart by a number behind it.
    public nonisolated let name: String
    /// Where the server listens.
    public nonisolated let remote: Endpoint
    private let config: PeerConfig
    private let pool: ConnectionPool
    private let providers: Providers
    private let breaker: EndpointBreaker?
    private let handlers: MessageHandlers
    private nonisolated let executor: any SerialExecutor
    /// The executor of its process: calls from there do not hop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private struct Member {
        var slot: Int
        var peer: Peer
        var lastUsed: Instant
    }

    /// By slot.
    private var members: [Member] = []
    private var choice: PoolChoice
    private var isClosed = false
    private var keeper: (any TaskHandle)?
    private var streamsOpened = 0
    /// Messages that wait for ``receive()``, and what tells each sender's session that it was taken.
    private var waiting: Deque<(message: Message, taken: any Signal)> = []
    private let arrivals: any Signal

    /// Makes a client; it connects with the first message.
    ///
    /// - Parameters:
    ///   - name: unique in the run.
    ///   - remote: where the server listens.
    ///   - config: of each connection; valid, as ``PeerConfig/validate()`` finds.
    ///   - pool: how many connections; valid, as ``ConnectionPool/validate()`` finds.
    ///   - providers: the process's.
    ///   - onMessage: takes each message as it comes; without it messages wait for ``receive()``.
    ///   - onArrival: is asked before, and may take the message without waiting.
    public init(
        name: String, to remote: Endpoint, config: PeerConfig = PeerConfig(), pool: ConnectionPool = ConnectionPool(),
        providers: Providers, onMessage: MessageHandler? = nil, onArrival: ArrivalHandler? = nil
    ) {
        let violations = config.validate() + pool.validate()
        insist(violations.isEmpty, "client \(name): \(violations.map(\.description).joined(separator: "; "))")
        self.name = name
        self.remote = remote
        self.config = config
        self.pool = pool
        self.providers = providers
        breaker = config.breaker.map { EndpointBreaker($0) }
        handlers = MessageHandlers(onMessage: onMessage, onArrival: onArrival)
        executor = providers.tasks.executor
        choice = PoolChoice(pool.selection)
        arrivals = providers.tasks.makeSignal()
    }

    /// How many connections it has or is opening.
    public var connectionCount: Int { members.count }

    /// Messages held by all connections together.
    public var depth: Int { members.reduce(0) { $0 + $1.peer.assumeIsolated { $0.depth } } }

    /// Opens the least number of connections now, instead of with the first messages.
    public func connect() async {
        while !isClosed, members.count < pool.minimum { add() }
        for member in members { await member.peer.connect() }
        tend()
    }

    // MARK: Messages

    /// Queues a message on a connection; waits while its queue is full.
    ///
    /// - Parameters:
    ///   - payload: at most ``PeerConfig/maximumPayload`` bytes, of this side and of the other.
    ///   - delivery: what is wanted of its delivery.
    ///   - order: whether it keeps its place among the others.
    ///   - deadline: until when it waits for room; nil for as long as it takes.
    /// - Returns: the name of the connection that it took, and its number there.
    /// - Throws: as ``Peer/send(_:delivery:until:)``.
    @discardableResult
    public func send(
        _ payload: ByteBuffer, delivery: Delivery = .reliable, order: Order = .ordered,
        until deadline: Instant? = nil
    ) async throws(NetworkError) -> (connection: String, number: UInt64) {
        let peer = try await connection(for: order)
        return (peer.name, try await peer.send(payload, delivery: delivery, until: deadline))
    }

    /// Waits for the next message of any connection; nil once the client is closed.
    ///
    /// A message counts as taken, and is confirmed to its sender, when this returns it.
    ///
    /// - Throws: `cancelled`.
    public func receive() async throws(NetworkError) -> Message? {
        insist(handlers.onMessage == nil, "\(name) hands its messages to its handler")
        while true {
            if let (message, taken) = waiting.popFirst() {
                taken.notify()
                return message
            }
            if isClosed { return nil }
            try await arrivals.wait()
        }
    }

    /// A connection's next message waits until this one is taken: so the other side's window is what bounds it.
    private func hold(_ message: Message) async {
        let taken = providers.tasks.makeSignal()
        waiting.append((message, taken))
        arrivals.notify()
        try? await taken.wait()
    }

    private func connection(for order: Order) async throws(NetworkError) -> Peer {
        guard !isClosed else { throw NetworkError(.closed, during: .send, remote: remote) }
        await replaceDead()
        while members.count < pool.minimum { add() }
        tend()
        let peer: Peer
        if order == .ordered { peer = members[0].peer } else { peer = choose() }
        if let index = members.firstIndex(where: { $0.peer === peer }) { members[index].lastUsed = providers.time.now }
        return peer
    }

    private func choose() -> Peer {
        let chosen = choice.next(
            members.count, load: { members[$0].peer.assumeIsolated { $0.depth } },
            draw: { Int(providers.random.next(below: UInt64($0), "client.pool", for: name)) })
        let peer = members[chosen].peer
        return members.count < pool.maximum && peer.assumeIsolated { $0.isPressed } ? add() : peer
    }

    // MARK: Connections

    // Each runs on the executor of this client, and is looked at without a call: there may be a thousand.

    /// Adds a connection in the first slot that is free.
    @discardableResult
    private func add() -> Peer {
        let slot = members.indices.first { members[$0].slot != $0 } ?? members.count
        let client = self
        let keep: MessageHandler = { message, _ in await client.hold(message) }
        let peer = Peer(
            name: slot == 0 ? name : "\(name)/\(slot + 1)", to: remote, config: config, providers: providers,
            breaker: breaker, onMessage: handlers.onMessage ?? keep, onArrival: handlers.onArrival)
        members.insert(Member(slot: slot, peer: peer, lastUsed: providers.time.now), at: slot)
        return peer
    }

    /// Those that gave up make way for new ones.
    private func replaceDead() async {
        while let place = firstDead() { await members.remove(at: place).peer.close(flushingFor: .zero) }
    }

    private func firstDead() -> Int? { members.firstIndex { $0.peer.assumeIsolated { $0.failure != nil } } }

    /// The last one, where it is one too many and nobody has used it for long.
    private func lastIdle() -> Peer? {
        guard members.count > pool.minimum, let last = members.last, !isClosed,
            last.lastUsed.duration(to: providers.time.now) >= pool.idle, last.peer.assumeIsolated({ $0.depth == 0 })
        else { return nil }
        return last.peer
    }

    /// Starts the task that looks after the connections, where there may be more than are needed.
    private func tend() {
        guard keeper == nil, !isClosed, pool.maximum > 1 else { return }
        let client = self
        let (time, every) = (providers.time, pool.idle / 4)
        keeper = providers.tasks.start("\(name) pool") {
            while (try? await time.sleep(for: every)) != nil, await client.look() {}
        }
    }

    /// Replaces those that gave up, and closes one beyond the least number that nobody uses.
    ///
    /// - Returns: whether to look again.
    private func look() async -> Bool {
        await replaceDead()
        if !isClosed, members.count < pool.minimum { await connect() }
        while let idle = lastIdle() {
            members.removeLast()
            await idle.close(flushingFor: .zero)
        }
        return !isClosed
    }

    // MARK: Byte streams

    /// Opens a connection that carries bytes alone, for a protocol of the application's own.
    ///
    /// It has nothing to do with the connections for messages, and is not opened again when it is lost.
    ///
    /// - Throws: `incompatible` where the server serves none, `timedOut`, `connectionRefused`, and what connecting throws
    ///   else; `closed`.
    public func openStream() async throws(NetworkError) -> PeerStream {
        guard !isClosed else { throw NetworkError(.closed, during: .connect, remote: remote) }
        streamsOpened += 1
        let peer = Peer(
            name: "\(name) stream \(streamsOpened)", remote: remote, accepted: nil, config: config,
            providers: providers, observed: PeerNumber(0), sharedDepth: nil, register: nil, breaker: nil,
            purpose: .stream, greetingName: name)
        return try await peer.openStream()
    }

    // MARK: End

    /// Closes all connections; byte streams are their owners' to close.
    ///
    /// - Parameter limit: how long they may take to flush what they hold; without, ``PeerConfig/closeTimeout``.
    /// - Returns: how many messages were not confirmed; they are dropped, and the observer hears of each.
    @discardableResult
    public func close(flushingFor limit: Duration? = nil) async -> Int {
        isClosed = true
        keeper?.cancel()
        let lost = await members.map(\.peer).close(flushingFor: limit)
        members.removeAll()
        for (_, taken) in waiting { taken.notify() }
        arrivals.notify()
        return lost
    }
}
