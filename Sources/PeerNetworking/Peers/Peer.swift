import DequeModule
public import NIOCore

/// A peer: keeps a connection to another one, and sends and receives messages over it.
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
    let handler: MessageHandler?
    /// Set for a peer that a server accepted: it has one connection and never opens another.
    let accepted: (any ByteStream)?

    @exclusivity(unchecked) var lifecycle: PeerLifecycle
    @exclusivity(unchecked) var queue: SendQueue
    @exclusivity(unchecked) var recordedState: PeerState = .idle
    /// Messages of all sessions of a server together; a peer of its own has its own.
    let sharedDepth: SharedDepth?

    // The connection
    @exclusivity(unchecked) var stream: (any ByteStream)? {
        didSet { isAttached = stream != nil }
    }
    /// Whether there is a stream: to ask the box itself copies it.
    @exclusivity(unchecked) private(set) var isAttached = false
    @exclusivity(unchecked) var decoder: FrameDecoder
    var attemptOutcome: Result<any ByteStream, NetworkError>?
    @exclusivity(unchecked) var lossReason: NetworkError?
    @exclusivity(unchecked) var lastHeard = Instant.zero
    @exclusivity(unchecked) var isWriting = false
    /// Frames that go before messages.
    @exclusivity(unchecked) var controls: Deque<ByteBuffer> = []

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
    /// Reliable messages in the inbox; the other side holds each until it is confirmed.
    @exclusivity(unchecked) var unconfirmedHere = 0
    /// How many reliable messages the other side may have on the way, by its hello.
    @exclusivity(unchecked) var remoteWindow = 0
    /// The largest payload that the other side takes, by its hello.
    @exclusivity(unchecked) var remoteMaximumPayload = Int.max
    @exclusivity(unchecked) var remoteOrigin: UInt64 = 0
    /// The other side's name, once its hello has come.
    public internal(set) var remoteName: String?
    @exclusivity(unchecked) var inbox: Deque<Message> = []

    // Conditions
    let demand: any Signal
    let outbound: any Signal
    let room: any Signal
    let arrivals: any Signal
    let progress: any Signal

    var isStarted = false
    var isDispatching = false
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
    public init(
        name: String, to remote: Endpoint, config: PeerConfig = PeerConfig(), providers: Providers,
        breaker: EndpointBreaker? = nil, onMessage: MessageHandler? = nil
    ) {
        self.init(
            name: name, remote: remote, accepted: nil, config: config, providers: providers,
            observed: providers.observer.register(name, queueCapacity: config.queueCapacity), sharedDepth: nil,
            register: nil, breaker: breaker ?? config.breaker.map { EndpointBreaker($0) }, onMessage: onMessage)
    }

    init(
        name: String, remote: Endpoint, accepted: (any ByteStream)?, config: PeerConfig, providers: Providers,
        observed: PeerNumber, sharedDepth: SharedDepth?, register: DeliveryRegister?, breaker: EndpointBreaker?,
        onMessage: MessageHandler?
    ) {
        let violations = config.validate()
        precondition(violations.isEmpty, "peer \(name): \(violations.map(\.description).joined(separator: "; "))")
        self.name = name
        self.remote = remote
        self.config = config
        self.providers = providers
        self.accepted = accepted
        self.observed = observed
        self.sharedDepth = sharedDepth
        self.register = register
        self.breaker = breaker
        handler = onMessage
        executor = providers.tasks.executor
        lifecycle = PeerLifecycle(config: config)
        queue = SendQueue(capacity: config.queueCapacity)
        ledger = config.ledger.map { MessageLedger(remembering: $0) }
        decoder = FrameDecoder(maximumPayload: config.maximumPayload)
        origin = providers.random.next("peer.origin", for: name)
        demand = providers.tasks.makeSignal()
        outbound = providers.tasks.makeSignal()
        room = providers.tasks.makeSignal()
        arrivals = providers.tasks.makeSignal()
        progress = providers.tasks.makeSignal()
    }

    /// Where the peer is in its life.
    public var state: PeerState { isClosing && recordedState != .closed ? .closing : lifecycle.state }

    /// What has become of its messages; nil where ``PeerConfig/ledger`` does not ask for it.
    public private(set) var ledger: MessageLedger?

    /// Messages held: those that wait and the reliable ones that are not confirmed.
    public var depth: Int { Int(queue.depth) }

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

    // MARK: Sending

    /// Queues a message; waits while the queue is full.
    ///
    /// - Parameters:
    ///   - payload: at most ``PeerConfig/maximumPayload`` bytes, of this side and of the other.
    ///   - delivery: an unreliable message does not wait: it is dropped when the queue is full.
    /// - Returns: the message's number within this peer's life.
    /// - Throws: `messageTooLarge`, `queueFull` (unreliable alone), `closed`, `retriesExhausted` or the error it failed
    ///   with, `cancelled`, `circuitOpen` (at once, rather than wait for an endpoint that is left alone).
    @discardableResult
    public func send(_ payload: ByteBuffer, delivery: Delivery = .reliable) async throws(NetworkError) -> UInt64 {
        if queue.isFull || !admitsMessages { try await waitForRoom(delivery) }
        // After the wait: the other side may have said meanwhile what it takes.
        guard payload.readableBytes <= largestPayload else { throw tooLarge(payload) }
        lastNumber += 1
        let entry = SendQueue.Entry(number: lastNumber, delivery: delivery, payload: payload)
        if isAttached, !isWriting, !queue.hasWaiting, controls.isEmpty, let stream, stream.offer(frame(of: entry)) {
            queue.sentAtOnce(entry)
            let depth = sharedDepth?.add(1) ?? (queue.depth + (delivery.isKept ? 0 : 1))
            note(.queued(message: entry.number, bytes: Int32(payload.readableBytes), delivery: delivery, depth: depth))
            note(.sent(message: entry.number, depth: delivery.isKept ? heldDepth : depthAfter(-1)))
        } else {
            queue.append(entry)
            note(
                .queued(
                    message: entry.number, bytes: Int32(payload.readableBytes), delivery: delivery, depth: depthAfter(1)
                ))
            if !isAttached { start() } else { outbound.notify() }
        }
        return entry.number
    }

    private var largestPayload: Int { min(config.maximumPayload, remoteMaximumPayload) }

    private func tooLarge(_ payload: ByteBuffer) -> NetworkError {
        NetworkError(
            .messageTooLarge, during: .send, remote: remote,
            reason: "\(payload.readableBytes) bytes; at most \(largestPayload) are taken")
    }

    private var admitsMessages: Bool { !isClosing && !isCutOff && lifecycle.admitsMessages }

    /// Whether its endpoint is left alone; a connection that there is goes on.
    private var isCutOff: Bool { !isAttached && breaker?.state == .open }

    private func waitForRoom(_ delivery: Delivery) async throws(NetworkError) {
        var isBlocked = false
        defer { if isBlocked { note(.blocked(false)) } }
        while true {
            if isClosing { throw NetworkError(.closed, during: .send, remote: remote) }
            if let failure = lifecycle.failure { throw failure }
            guard lifecycle.admitsMessages else { throw NetworkError(.closed, during: .send, remote: remote) }
            if isCutOff {
                throw NetworkError(
                    .circuitOpen, during: .send, remote: remote, reason: "it failed too often and is left alone a while"
                )
            }
            guard queue.isFull else { break }
            guard delivery.isKept else {
                lastNumber += 1
                note(.dropped(message: lastNumber, reason: .queueFull, depth: heldDepth))
                throw NetworkError(.queueFull, during: .send, remote: remote)
            }
            if !isBlocked {
                isBlocked = true
                note(.blocked(true))
            }
            try await room.wait()
        }
    }

    // MARK: Receiving

    /// Waits for the next message; nil once the peer is closed or has failed and nothing is left to take.
    ///
    /// - Throws: `cancelled`.
    public func receive() async throws(NetworkError) -> Message? {
        precondition(handler == nil, "\(name) hands its messages to its handler")
        while true {
            if let message = takeMessage() {
                hasTaken(message)
                confirmWhenDue()
                return message
            }
            // What was not handed over again is confirmed all the same.
            confirmTaken()
            if recordedState == .closed || recordedState == .failed { return nil }
            try await arrivals.wait()
        }
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

    /// Closes the peer: admits no more messages, and gives those it holds the time to be confirmed.
    ///
    /// - Parameter limit: how long that may take; it ends then, whatever the network does.
    /// - Returns: how many messages were not confirmed; they are dropped, and the observer hears of each.
    @discardableResult
    public func close(flushingFor limit: Duration = .seconds(1)) async -> Int {
        if isClosing {
            // Somebody else closes it: what is lost is told there.
            while recordedState != .closed {
                guard (try? await progress.wait()) != nil else { break }
            }
            return 0
        }
        isClosing = true
        confirmTaken()
        record(.closing, nil)
        room.notify()
        if queue.depth > 0, lifecycle.admitsMessages {
            let deadline = providers.time.now.advanced(by: limit)
            while queue.depth > 0, lifecycle.admitsMessages, providers.time.now < deadline {
                guard (try? await progress.wait(until: deadline, for: "\(name) close limit")) != nil else { break }
            }
        }
        let lost = queue.discardAll()
        for number in lost { note(.dropped(message: number, reason: .peerClosed, depth: depthAfter(-1))) }
        lifecycle.close()
        keeper?.cancel()
        await keeper?.finished()
        // A session that is closed before it began has a connection all the same.
        if keeper == nil { await accepted?.close() }
        record(.closed, nil)
        arrivals.notify()
        room.notify()
        eventStream?.finish()
        return lost.count
    }

    // MARK: Telling

    var heldDepth: Int32 { sharedDepth?.current ?? queue.depth }

    /// The depth to tell after it changed by so many; the queue itself has changed already.
    func depthAfter(_ change: Int) -> Int32 { sharedDepth?.add(change) ?? queue.depth }

    @inline(__always)
    func note(_ event: PeerEvent) {
        providers.observer.note(event, of: observed)
        if ledger != nil { ledger?.apply(event) }
        if hasEventStream { tell(event) }
    }

    /// Not inlined: what a continuation needs would be allocated by every caller that waits somewhere.
    @inline(never)
    private func tell(_ event: PeerEvent) {
        eventStream?.yield(event)
    }

    func record(_ state: PeerState, _ reason: NetworkError.Code?) {
        guard state != recordedState else { return }
        recordedState = state
        if accepted == nil { note(.state(state, reason)) } else { tell(.state(state, reason)) }
        if state == .failed || state == .closed {
            arrivals.notify()
            room.notify()
            progress.notify()
        }
    }
}
