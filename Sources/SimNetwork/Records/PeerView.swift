public import PeerNetworking

/// A peer's visible state.
public struct PeerView: Hashable, Sendable {
    /// The process it runs in.
    public internal(set) var process: ProcessID
    /// Where it is in its life.
    public internal(set) var state: PeerState = .idle
    /// Since when it is in that state, in nanoseconds.
    public internal(set) var stateSince: Int64 = 0
    /// Why it is in that state, where it was a failure.
    public internal(set) var reason: NetworkError.Code?
    /// The connection it uses.
    public internal(set) var connection: ConnectionID?
    /// The connection that it used last, also when it is lost.
    var latestConnection: ConnectionID?
    /// Whether it has opened that one itself.
    var hasOpened = true
    /// Messages in its send queue.
    public internal(set) var depth: Int32 = 0
    /// The most there ever were.
    public internal(set) var highWater: Int32 = 0
    /// Messages that the queue holds; of a server, that each of its sessions' queues does.
    public internal(set) var capacity: Int32
    /// Whether it has listened: its queue is that of all its sessions together, of which each has the capacity for itself.
    public internal(set) var isOfSessions = false
    /// Since when the application waits for room in the queue, in nanoseconds; of a server, in that of one of its sessions
    /// at least. Nil while it does not.
    public private(set) var blockedSince: Int64?
    /// How long it has waited for room before that, in nanoseconds.
    public private(set) var blockedBefore: Int64 = 0
    /// Of a server, in how many sessions the application waits.
    public internal(set) var sessionsBlocked: Int32 = 0
    /// The queue has filled to its high water mark, and not emptied to its low one since.
    public internal(set) var isPressed = false
    /// Messages admitted to the queue.
    public internal(set) var admitted: Int64 = 0
    /// Messages handed to a connection, repeats included.
    public internal(set) var sent: Int64 = 0
    /// Messages of other peers that reached the application here.
    public internal(set) var delivered: Int64 = 0
    /// Messages that arrived once more.
    public internal(set) var duplicates: Int64 = 0
    /// Messages that arrived once more, and were not handed over again.
    public internal(set) var suppressed: Int64 = 0
    /// Messages put back after a connection was lost.
    public internal(set) var requeued: Int64 = 0
    /// What has become of its requests.
    public internal(set) var requests = Requests()
    /// Messages that will never be sent, and those that arrived and were given up here.
    public internal(set) var dropped: Int64 = 0
    /// Messages refused because the circuit to its endpoint was open.
    public internal(set) var refused: Int64 = 0
    /// Connections after the first.
    public internal(set) var reconnects: Int32 = 0
    /// How often it was connected.
    public internal(set) var connects: Int32 = 0
    /// Heartbeats that were not answered in time.
    public internal(set) var heartbeatsMissed: Int32 = 0
    /// How often it gave up a connection that did badly.
    public internal(set) var degradations: Int32 = 0
    /// Whether it tries its endpoint; nil for one that always does.
    public internal(set) var circuit: CircuitState?
    /// The latest round trip in nanoseconds.
    public internal(set) var roundTrip: Int64?
    /// What the workload has done, and of how much; nil where it does not say.
    public internal(set) var progress: Progress?
    /// The workload's own verdict when it ended.
    public internal(set) var finished: Bool?
    /// What has become of its messages; of a server's, nothing.
    public internal(set) var ledger = MessageLedger(remembering: PeerView.settledKept)

    /// Settled messages that are shown.
    private static let settledKept = 16

    /// Its process was ended from outside.
    mutating func end(at time: Int64) {
        state = .closed
        stateSince = time
        reason = nil
        connection = nil
        depth = 0
        setBlocked(false, at: time)
        isPressed = false
    }

    /// Whether the application waits for room in the queue; of a server, in that of one of its sessions at least.
    public var isBlocked: Bool { blockedSince != nil }

    /// How long the application has waited for room in the queue, in nanoseconds, up to a time.
    public func blocked(upTo time: Int64) -> Int64 { blockedBefore + (blockedSince.map { max(0, time - $0) } ?? 0) }

    mutating func setBlocked(_ isBlocked: Bool, at time: Int64) {
        guard isBlocked != self.isBlocked else { return }
        blockedBefore = blocked(upTo: time)
        blockedSince = isBlocked ? time : nil
    }

    mutating func forgetLife() {
        ledger = MessageLedger(remembering: PeerView.settledKept)
        circuit = nil
    }

    /// The highest message that arrived of each origin, the newest origins last.
    var origins: [Origin] = []

    struct Origin: Hashable, Sendable {
        var id: UInt64
        var highest: UInt64
    }

    /// Lives of senders that are remembered: a duplicate comes soon after its connection was lost, or never.
    private static let originsKept = 1_024

    /// Messages of one origin come in order; one at or below the highest has come before.
    ///
    /// - Returns: whether it has come before.
    mutating func countDelivery(_ message: UInt64, of origin: UInt64) -> Bool {
        guard let index = origins.lastIndex(where: { $0.id == origin }) else {
            if origins.count == Self.originsKept { origins.removeFirst() }
            origins.append(Origin(id: origin, highest: message))
            return false
        }
        if message <= origins[index].highest {
            duplicates += 1
            return true
        }
        origins[index].highest = message
        return false
    }

    /// Requests, as their client counts them.
    public struct Requests: Hashable, Sendable {
        /// Attempts made.
        public var asked: Int64 = 0
        /// Those of them that were not the first of their request.
        public var askedAgain: Int64 = 0
        /// Requests that were answered.
        public var answered: Int64 = 0
        /// Requests that were not, however it was.
        public var failed: Int64 = 0
    }

    /// Units of work done and meant.
    public struct Progress: Hashable, Sendable {
        /// Units done.
        public var done: UInt64
        /// Units meant to be done; 0 for no end.
        public var total: UInt64
    }
}
