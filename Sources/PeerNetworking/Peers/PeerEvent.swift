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
    /// A message was handed to the connection: its frame ends before the byte `through` of the stream, counted from 0; `depth`
    /// messages are held.
    case sent(message: UInt64, through: Int64, depth: Int32)
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
    /// Something has become of a job of a queue.
    case job(UInt64, JobTurn)
    /// The workload says where it stands: units done of those it means to do (0: no end).
    case progress(done: UInt64, of: UInt64)
    /// The workload has ended; whether everything it checks was right.
    case finished(correct: Bool)
}
