/// What a link's queue does when it fills.
public enum QueueDiscipline: Hashable, Sendable {
    /// It takes what it has room for.
    case dropTail
    /// It tells of congestion before it is full.
    case red(RandomEarlyDetection)
    /// It lets nothing wait for long.
    case codel(ControlledDelay)

    /// The disciplines by name.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// ``QueueDiscipline/dropTail``.
        case dropTail = "drop-tail"
        /// ``QueueDiscipline/red(_:)``.
        case red
        /// ``QueueDiscipline/codel(_:)``.
        case codel
    }

    /// Which it is.
    public var kind: Kind {
        switch self {
        case .dropTail: .dropTail
        case .red: .red
        case .codel: .codel
        }
    }
}

/// Random early detection: the longer the queue is on the average, the more of what comes is dropped, or marked (Floyd and
/// Jacobson 1993; RFC 7567, 4).
public struct RandomEarlyDetection: Hashable, Sendable {
    /// Below so many bytes on the average nothing is dropped; 0 for a quarter of the queue.
    public var least: Int64 = 0
    /// From so many bytes on the average all is dropped; 0 for three quarters of the queue, or twice ``least`` where that is more.
    public var most: Int64 = 0
    /// The probability at the upper bound (Floyd's recommendation of 1997).
    public var probability = Probability(0.1)
    /// The weight of a packet in the average (Floyd and Jacobson's 0.002).
    public var weight = Probability(0.002)
    /// Packets whose ends know marks are marked and not dropped (RFC 3168).
    public var marks = false

    /// The usual parameters, with drops.
    public init() {}

    /// The bounds for a queue of so many bytes.
    func bounds(of queue: Int64) -> (least: Int64, most: Int64) {
        let upper = most > 0 ? most : max(2 * least, queue / 4 * 3, 1)
        return (least > 0 ? least : max(1, upper / 3), upper)
    }
}

/// Controlled delay: where packets have waited longer than they should for a whole interval, one is dropped, or marked, and
/// then more and more often until they wait less (RFC 8289).
public struct ControlledDelay: Hashable, Sendable {
    /// How long a packet may wait, in nanoseconds (RFC 8289, 4.4).
    public var target: Int64 = 5_000_000
    /// How long waits may be longer before the first is dropped, in nanoseconds: a round trip of those that are served (RFC
    /// 8289, 4.3).
    public var interval: Int64 = 100_000_000
    /// Packets whose ends know marks are marked and not dropped (RFC 8289, 3.1; RFC 3168).
    public var marks = false

    /// The usual parameters, with drops.
    public init() {}
}
