/// Where a peer is in its life.
public enum PeerState: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Has not needed a connection yet: it connects with the first message.
    case idle
    /// Its first connect attempt is under way, or it waits for the next.
    case connecting
    /// Has a connection that the other side's handshake has confirmed.
    case connected
    /// Had a connection, lost it, and tries again or waits to.
    case reconnecting
    /// Is closing: what is queued is flushed, nothing is admitted.
    case closing
    /// Closed by its owner.
    case closed
    /// Gave up: its retry limit is reached; a manual reconnect starts it again.
    case failed
    /// A server that accepts connections.
    case listening

    /// The state's name in labs, records and reports.
    public var description: String {
        switch self {
        case .idle: "idle"
        case .connecting: "connecting"
        case .connected: "connected"
        case .reconnecting: "reconnecting"
        case .closing: "closing"
        case .closed: "closed"
        case .failed: "failed"
        case .listening: "listening"
        }
    }
}

/// Why a message was dropped.
public enum DropReason: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The unreliable queue was full.
    case queueFull
    /// Unreliable, and the connection was lost before it was handed to it.
    case connectionLost
    /// The peer was closed or failed before it could be sent.
    case peerClosed
    /// Unreliable, and the receiver's inbox was full: its application does not keep up.
    case inboxFull
    /// Larger than the other side takes.
    case tooLarge
    /// Unreliable, and newer ones of the same sender came before it, by another connection.
    case overtaken

    /// The reason in words.
    public var description: String {
        switch self {
        case .queueFull: "queue full"
        case .connectionLost: "connection lost"
        case .peerClosed: "peer closed"
        case .inboxFull: "inbox full"
        case .tooLarge: "larger than the other side takes"
        case .overtaken: "overtaken by newer ones"
        }
    }
}

/// How a request ended.
public enum RequestOutcome: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Its response came.
    case answered
    /// The other side says that it failed.
    case failed
    /// No response came in time.
    case timedOut
    /// Nobody waited any more.
    case cancelled
    /// It could not be sent.
    case unsent

    /// The outcome in words.
    public var description: String {
        switch self {
        case .answered: "answered"
        case .failed: "failed"
        case .timedOut: "no response in time"
        case .cancelled: "cancelled"
        case .unsent: "could not be sent"
        }
    }
}

/// What happened to a peer. Plain values without references, so that recording one costs little.
public enum PeerEvent: Hashable, Sendable {
    /// It went to a state; the code says why, where it was a failure.
    case state(PeerState, NetworkError.Code?)
    /// Its connection is this one now.
    case attached(ConnectionID)
    /// It waits before its next connect attempt: attempt number from 1, delay in nanoseconds.
    case backoff(attempt: Int32, delayNanoseconds: Int64)
    /// A message was admitted to the send queue; `depth` messages are held now, waiting or unconfirmed, itself included.
    case queued(message: UInt64, bytes: Int32, delivery: Delivery, depth: Int32)
    /// A message was handed to the connection; `depth` messages are held.
    case sent(message: UInt64, depth: Int32)
    /// A message went back to the head of the queue after its connection was lost: it may arrive twice.
    case requeued(message: UInt64, depth: Int32)
    /// A message will never be sent, and why; `depth` messages are still held.
    case dropped(message: UInt64, reason: DropReason, depth: Int32)
    /// The other side has confirmed the reliable messages up to this one; `depth` messages are still held.
    case acknowledged(message: UInt64, depth: Int32)
    /// A message arrived here and was handed to the application; the origin stands for one life of its sender.
    case delivered(message: UInt64, origin: UInt64, bytes: Int32)
    /// A message arrived, and was given up before the application took it: why.
    case discarded(message: UInt64, origin: UInt64, reason: DropReason)
    /// A message arrived that the application has been given before by another connection, and was not given again.
    case suppressed(message: UInt64, origin: UInt64)
    /// The application waits for room in the send queue (`true`), or no longer does.
    case blocked(Bool)
    /// The send queue has filled to its high water mark (`true`), or emptied to its low one.
    case pressure(Bool)
    /// A round trip was measured by heartbeat or by answer, in nanoseconds.
    case roundTrip(nanoseconds: Int64)
    /// The other side was silent for longer than the heartbeat's timeout.
    case heartbeatMissed
    /// The circuit to its endpoint is in another state.
    case circuit(CircuitState)
    /// A message of so many bytes was refused at once: the circuit to its endpoint is open.
    case refused(bytes: Int32)
    /// Its connection does badly, and is opened anew before it fails; the health's score in thousandths.
    case degraded(score: Int32)
    /// A request was sent, for the first time or again: the attempt's number, from 1.
    case asked(request: UInt64, attempt: Int32)
    /// A request has come to its end: how, and how long after it was asked first, in nanoseconds.
    case answered(request: UInt64, RequestOutcome, nanoseconds: Int64)
    /// The workload says where it stands: units done of those it means to do (0: no end).
    case progress(done: UInt64, of: UInt64)
    /// The workload has ended; whether everything it checks was right.
    case finished(correct: Bool)
}
