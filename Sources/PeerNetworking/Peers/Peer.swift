import Bug
import DequeModule
import NIOCore

/// A peer: keeps a connection to another one, and sends and receives messages over it.
///
/// Its files: the life here, its connection, handshake, frames, sending, receiving, and what it waits for.
///
/// It connects lazily, with the first message; opens a lost connection again, with exponential backoff and jitter;
/// holds messages in a bounded queue meanwhile; and notices by heartbeat when the other side has gone silent. After
/// FoundationDB's `FlowTransport`. What happens between its tasks is kept in value types (``PeerLifecycle``,
/// ``SendQueue``); the actor carries it out.
public actor Peer {
    /// The peer's name, for records and messages.
    public nonisolated let name: String
    /// The endpoint of the other side.
    public nonisolated let remote: Endpoint
    /// How it keeps its connection.
    public nonisolated let config: PeerConfig

    let providers: Providers
    nonisolated let executor: any SerialExecutor
    /// The executor of its process: calls from there do not hop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let observed: PeerNumber
    /// Whether an observer hears of its events.
    let isObserved: Bool
    /// Whether a ledger is kept of them.
    let keepsLedger: Bool
    /// Whether messages wait for others to be written with them.
    let lingers: Bool
    @exclusivity(unchecked) private(set) var handler: MessageHandler?
    /// Whether it was made with one.
    let handsOver: Bool
    /// Takes what it can as it comes.
    @exclusivity(unchecked) private(set) var arrivalHandler: ArrivalHandler
    /// Whether there is anybody to ask: an optional closure would be copied for each message.
    let takesAtOnce: Bool
    /// Set for a peer that a server accepted: it has one connection and never opens another.
    let accepted: (any ByteStream)?
    /// The connection of a session; nil for a peer that tells of itself alone.
    let session: ConnectionID?

    @exclusivity(unchecked) var lifecycle: PeerLifecycle
    @exclusivity(unchecked) var queue: SendQueue
    @exclusivity(unchecked) var recordedState: PeerState = .idle
    /// Messages of all sessions of a server together; a peer of its own has its own.
    let sharedDepth: SharedDepth?

    // The connection
    var stream: (any ByteStream)? {
        get { attachment?.stream }
        set {
            attachment = newValue.map { Attachment($0) }
            isAttached = newValue != nil
        }
    }
    @exclusivity(unchecked) private(set) var attachment: Attachment?
    /// Whether there is a stream.
    @exclusivity(unchecked) private(set) var isAttached = false
    /// Its place in the process's registry.
    var registration: ConnectionRegistry.Registration?
    @exclusivity(unchecked) var decoder: FrameDecoder
    var attemptOutcome: Result<any ByteStream, NetworkError>?
    @exclusivity(unchecked) var lossReason: NetworkError?
    @exclusivity(unchecked) var lastHeard = Instant.zero
    /// A batch is being written, or left over for the writer: what is sent now must not pass it.
    @exclusivity(unchecked) var isWriting = false
    /// Bytes of the connection's stream up to the last frame that has its place there.
    @exclusivity(unchecked) var written: Int64 = 0
    /// A batch that the reader had no room for.
    var leftOver: OutgoingBatch?
    /// The oldest message of the batch that is being written or left over: the network has not got all of it.
    @exclusivity(unchecked) var writingFrom: UInt64?
    /// Frames are being taken: what is sent meanwhile is written behind them, if it can be at once.
    @exclusivity(unchecked) var isTakingFrames = false
    /// Buffers for the next frames.
    @exclusivity(unchecked) var spares = SpareBuffers()
    /// A message is with its handler, and others come behind it: what is sent now is written with what they send.
    @exclusivity(unchecked) var moreFollow = false
    /// A message is with the handler that may wait: those that come meanwhile do so too.
    @exclusivity(unchecked) var isHandling = false
    /// Messages taken as they came since others had their turn.
    @exclusivity(unchecked) var takenInTurn = 0
    /// When the vectored write began that is under way; kept where a timeout wants it.
    @exclusivity(unchecked) var writingSince: Instant?
    /// When the handshake began that is under way.
    var handshakeSince: Instant?
    /// Messages up to this number are not to wait for others.
    var flushDemanded: UInt64 = 0
    /// Its connection is closed because nobody uses it.
    var isLeaving = false
    /// Frames that go before messages.
    @exclusivity(unchecked) var controls: Deque<ByteBuffer> = []

    /// What its connection is for; a session learns it from the hello.
    var purpose: Frame.Purpose
    /// The name that it says in its hello.
    let greetingName: String
    /// Takes the byte streams of a session; nil where there are none.
    private(set) var streamHandler: StreamHandler?
    /// Asked by a session whose other side is a node; nil where no node listens.
    private(set) var nodeClaim: NodeClaim?
    /// A connection that the other side has opened and that is to be this peer's.
    var adopted: Greeting?
    /// The one that the attempt under way is about, where it is about one.
    var greetedAttempt: Greeting?
    /// Whether it opens a connection itself, or has one that it has opened.
    var isOpening = false
    /// The session's connection belongs to another peer now.
    var isGivenAway = false

    /// What the application of its server has been given; nil for a peer that is not a server's.
    let register: DeliveryRegister?
    /// Lets connect attempts through; nil where all are.
    let breaker: EndpointBreaker?
    /// The breaker's leave for the attempt or connection that there is.
    var permit: CircuitBreaker.Permit?
    var recordedCircuit: CircuitState?
    var detector: PhiAccrualDetector?
    var monitor = HealthMonitor(patience: .zero)

    // Messages
    let origin: UInt64
    @exclusivity(unchecked) var lastNumber: UInt64 = 0
    /// The highest reliable message of the other side that the application has taken, and the highest confirmed.
    @exclusivity(unchecked) var taken: UInt64 = 0
    @exclusivity(unchecked) var confirmed: UInt64 = 0
    /// The highest confirmation among the frames that are being read.
    @exclusivity(unchecked) var heardOf: UInt64 = 0
    /// What the other side has said of itself.
    @exclusivity(unchecked) var remoteOrigin: UInt64 = 0
    @exclusivity(unchecked) var remoteLimits = RemoteLimits()
    /// The other side's name, once its hello has come.
    public internal(set) var remoteName: String?
    @exclusivity(unchecked) var inbox = Inbox()
    /// Messages that were refused at once, instead of waiting.
    var refusals: UInt64 = 0
    /// Messages that have come in.
    @exclusivity(unchecked) var arrived: UInt64 = 0

    // Conditions
    let demand: any Signal
    let outbound: any Signal
    let arrivals: any Signal
    let progress: any Signal
    /// Those whose messages the queue has no room for.
    @exclusivity(unchecked) var waitingForRoom = WaitingLine()

    var isStarted = false
    var isDispatching = false
    /// Its keeper has ended, and there will not be another.
    var isOver = false
    var isConnectWanted = false
    @exclusivity(unchecked) var isClosing = false
    var keeper: (any TaskHandle)?
    var eventStream: AsyncStream<PeerEvent>.Continuation?
    /// Whether somebody asked for events: to ask the continuation itself costs more.
    @exclusivity(unchecked) var hasEventStream = false

    /// Makes a peer that will connect to an endpoint.
    ///
    /// - Parameters:
    ///   - name: unique in the run.
    ///   - remote: where the other peer listens.
    ///   - config: a configuration that ``PeerConfig/validate()`` finds nothing wrong with.
    ///   - providers: the process's.
    ///   - breaker: the circuit breaker of the endpoint, where other peers connect there too; without, the peer has its
    ///     own, if the configuration asks for one.
    ///   - onMessage: takes each message as it comes; without it messages wait for ``receive()``.
    ///   - onArrival: is asked before, and may take the message without waiting.
    public init(
        name: String, to remote: Endpoint, config: PeerConfig = PeerConfig(), providers: Providers,
        breaker: EndpointBreaker? = nil, onMessage: MessageHandler? = nil, onArrival: ArrivalHandler? = nil
    ) {
        self.init(
            name: name, remote: remote, accepted: nil, config: config, providers: providers,
            observed: providers.observer.register(name, queueCapacity: config.queueCapacity), sharedDepth: nil,
            register: nil, breaker: breaker ?? config.breaker.map { EndpointBreaker($0) },
            handlers: MessageHandlers(onMessage: onMessage, onArrival: onArrival))
    }

    init(
        name: String, remote: Endpoint, accepted: (any ByteStream)?, config: PeerConfig, providers: Providers,
        observed: PeerNumber, sharedDepth: SharedDepth?, register: DeliveryRegister?, breaker: EndpointBreaker?,
        purpose: Frame.Purpose = .messages, greetingName: String? = nil, onStream: StreamHandler? = nil,
        nodeClaim: NodeClaim? = nil, handlers: MessageHandlers = MessageHandlers()
    ) {
        let violations = config.validate()
        insist(violations.isEmpty, "peer \(name): \(violations.map(\.description).joined(separator: "; "))")
        self.name = name
        self.remote = remote
        self.config = config
        self.providers = providers
        self.accepted = accepted
        session = accepted?.connection
        self.observed = observed
        isObserved = !(providers.observer is SilentObserver)
        keepsLedger = config.ledger != nil
        lingers = config.linger > .zero
        self.sharedDepth = sharedDepth
        self.register = register
        self.breaker = breaker
        handler = handlers.onMessage
        handsOver = handlers.onMessage != nil
        takesAtOnce = handlers.onArrival != nil
        // Not by `??`: what has been through a generic is called by a detour.
        if let handler = handlers.onArrival { arrivalHandler = handler } else { arrivalHandler = Self.takesNothing }
        self.purpose = purpose
        self.greetingName = greetingName ?? name
        streamHandler = onStream
        self.nodeClaim = nodeClaim
        executor = providers.tasks.executor
        lifecycle = PeerLifecycle(config: config)
        queue = SendQueue(
            capacity: SendQueue.Bound(messages: config.queueCapacity, bytes: config.queueBytes),
            marks: config.lowWater...config.highWater)
        ledger = config.ledger.map { MessageLedger(remembering: $0) }
        decoder = FrameDecoder(maximumPayload: config.maximumPayload)
        origin = providers.random.next("peer.origin", for: name)
        demand = providers.tasks.makeSignal()
        outbound = providers.tasks.makeSignal()
        arrivals = providers.tasks.makeSignal()
        progress = providers.tasks.makeSignal()
    }

    /// Where the peer is in its life.
    public var state: PeerState { isClosing && recordedState != .closed ? .closing : lifecycle.state }

    /// What has become of its messages; nil where ``PeerConfig/ledger`` does not ask for it.
    @exclusivity(unchecked) public private(set) var ledger: MessageLedger?

    /// Messages held: those that wait and the reliable ones that are not confirmed.
    public var depth: Int { Int(queue.depth) }

    /// Whether its send queue has filled to its high water mark, and not emptied to its low one since.
    public var isPressed: Bool { queue.isPressed }

    /// Whether its endpoint is tried; nil where it always is.
    public var circuit: CircuitState? { breaker?.state }

    /// How well its connection does, by its heartbeat; nil while it has none.
    public var health: ConnectionHealth? {
        isAttached && config.heartbeat != nil ? monitor.health(at: providers.time.now) : nil
    }

    /// How suspicious the silence of the other side is now, as φ; nil where nothing learns it.
    public var suspicion: Double? {
        isAttached ? detector?.suspicion(of: lastHeard.duration(to: providers.time.now)) : nil
    }

    /// Why it gave up, if it did.
    public var failure: NetworkError? { lifecycle.failure }

    /// What happens to this peer from now on; the newest 256 events are kept for a reader that is slow.
    ///
    /// One reader at a time: asking again ends the sequence given before.
    public func events() -> AsyncStream<PeerEvent> {
        eventStream?.finish()
        let (stream, continuation) = AsyncStream.makeStream(
            of: PeerEvent.self, bufferingPolicy: .bufferingNewest(256))
        eventStream = continuation
        hasEventStream = true
        return stream
    }

    // MARK: Life

    /// Connects now instead of with the first message; does nothing when it is connected or on its way.
    public func connect() {
        if !isStarted { isConnectWanted = true }
        start()
    }

    /// Tries again after the peer has given up, or at once instead of waiting out the backoff; an open circuit is waited
    /// out all the same.
    public func reconnect() {
        guard !isClosing else { return }
        if lifecycle.revive() {
            keeper = nil
            isStarted = false
            // Before its tasks start: what they see must not be the state that it gave up in.
            record(lifecycle.state, nil)
        }
        isConnectWanted = true
        start()
        demand.notify()
    }

    /// Lets go of what takes its messages, once none can come any more: who keeps a session that has ended would be kept by
    /// it.
    func letGoOfHandlers() {
        guard isOver, !isDispatching else { return }
        handler = nil
        arrivalHandler = Self.takesNothing
        streamHandler = nil
        nodeClaim = nil
    }

    private static let takesNothing: ArrivalHandler = { _, _ in false }

    /// Closes the peer: admits no more messages, and gives those it holds the time to be confirmed.
    ///
    /// - Parameter limit: how long that may take; it ends then, whatever the network does. Without,
    ///   ``PeerConfig/closeTimeout``.
    /// - Returns: how many messages were not confirmed; they are dropped, and the observer hears of each.
    @discardableResult
    public func close(flushingFor limit: Duration? = nil) async -> Int {
        let deadline = providers.time.now.advanced(by: limit ?? config.closeTimeout)
        guard beginClosing() else {
            // Somebody else closes it: what is lost is told there.
            while recordedState != .closed {
                guard (try? await progress.wait()) != nil else { break }
            }
            return 0
        }
        return await endClosing(by: deadline)
    }

    /// Admits no more messages.
    ///
    /// - Returns: false where it was told so before; who told it closes it.
    func beginClosing() -> Bool {
        if isClosing { return false }
        isClosing = true
        confirmTaken()
        record(.closing, nil)
        waitingForRoom.wakeAll()
        return true
    }

    /// Flushes until a time, and ends.
    ///
    /// - Returns: how many messages were not confirmed.
    func endClosing(by deadline: Instant) async -> Int {
        while queue.depth > 0 || writingFrom != nil, lifecycle.admitsMessages, providers.time.now < deadline {
            guard (try? await progress.wait(until: deadline, for: "\(name) close limit")) != nil else { break }
        }
        let lost = queue.discardAll()
        for number in lost { note(.dropped(message: number, reason: .peerClosed, depth: depthAfter(-1))) }
        notePressure()
        lifecycle.close()
        keeper?.cancel()
        await keeper?.finished()
        // A session that is closed before it began has a connection all the same.
        if keeper == nil { await accepted?.close() }
        record(.closed, nil)
        arrivals.notify()
        waitingForRoom.wakeAll()
        eventStream?.finish()
        return lost.count
    }

    // MARK: Telling

    var heldDepth: Int32 { sharedDepth?.current ?? queue.depth }

    /// The depth to tell after it changed by so many; the queue itself has changed already.
    func depthAfter(_ change: Int) -> Int32 { sharedDepth?.add(change) ?? queue.depth }

    /// - Parameter passing: messages that its queue has not got, and that it tells of as if it had.
    @inline(__always)
    func note(_ event: PeerEvent, passing: Int32 = 0) {
        if isObserved || keepsLedger || hasEventStream { pass(on: event, passing) }
    }

    /// Tells what has become of a job that it gives or is given.
    package func note(job: UInt64, _ turn: JobTurn) { note(.job(job, turn)) }

    /// Not inlined: where nobody hears of it, nothing is in the way.
    @inline(never)
    private func pass(on event: PeerEvent, _ passing: Int32) {
        if isObserved {
            if let session {
                let session = PeerSession(connection: session, depth: queue.depth + passing)
                providers.observer.note(event, of: observed, in: session)
            } else {
                providers.observer.note(event, of: observed)
            }
        }
        if keepsLedger { ledger?.apply(event) }
        if hasEventStream { tell(event) }
    }

    /// Not inlined: what a continuation needs would be allocated by every caller that waits somewhere.
    @inline(never)
    func tell(_ event: PeerEvent) {
        eventStream?.yield(event)
    }

    /// Tells when the send queue has passed a water mark.
    @inline(__always)
    func notePressure() {
        guard queue.passedMark() else { return }
        // The sessions of a server have queues of their own, and one name.
        if accepted == nil { note(.pressure(queue.isPressed)) } else { tell(.pressure(queue.isPressed)) }
    }

    func record(_ state: PeerState, _ reason: NetworkError.Code?) {
        guard state != recordedState else { return }
        recordedState = state
        if accepted == nil { note(.state(state, reason)) } else { tell(.state(state, reason)) }
        if state == .failed || state == .closed {
            arrivals.notify()
            waitingForRoom.wakeAll()
            progress.notify()
        }
    }
}
