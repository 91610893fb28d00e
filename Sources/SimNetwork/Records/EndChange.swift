/// The timer that runs at an end of a connection.
public struct EndTimer: Hashable, Sendable {
    /// What it is for.
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// What is not acknowledged by then is sent again (RFC 6298).
        case retransmission
        /// A closed window is probed (RFC 9293, 3.8.6.1).
        case windowProbe
        /// An idle connection is probed (RFC 9293, 3.8.4).
        case keepAlive
        /// The wait for the other side's FIN is over (`tcp_fin_timeout`).
        case finWait
        /// The ports are free again (RFC 9293, 3.4.2).
        case timeWait
    }

    /// What it is for.
    public var kind: Kind
    /// When it is due, in nanoseconds.
    public var due: Int64
}

/// What an event has changed of an end: of its buffers' levels those that moved, and its timer where that did.
public struct EndChange: Hashable, Sendable {
    /// What moved.
    public struct Fields: OptionSet, Hashable, Sendable {
        /// A bit for each.
        public let rawValue: UInt8
        /// Makes a set of its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// ``BufferLevels/sendQueued``.
        public static let sendQueued = Fields(rawValue: 1)
        /// ``BufferLevels/inFlight``.
        public static let inFlight = Fields(rawValue: 2)
        /// ``BufferLevels/received``.
        public static let received = Fields(rawValue: 4)
        /// ``BufferLevels/retransmissions``.
        public static let retransmissions = Fields(rawValue: 8)
        /// The timer was set, moved or taken away.
        public static let timer = Fields(rawValue: 16)
        /// Any of the levels.
        public static let levels: Fields = [.sendQueued, .inFlight, .received, .retransmissions]
    }

    /// What moved.
    public internal(set) var fields: Fields = []
    /// The levels as they are now; only those that ``fields`` names count.
    public internal(set) var levels = BufferLevels()
    /// The timer as it is now, where ``fields`` names it; nil where none runs.
    public internal(set) var timer: EndTimer?

    /// Nothing has changed.
    init() {}

    /// All levels have changed.
    package init(_ levels: BufferLevels) {
        fields = .levels
        self.levels = levels
    }

    /// Takes in what the levels are, against what they were.
    @inline(__always)
    mutating func note(_ now: BufferLevels, was before: BufferLevels) {
        levels = now
        if now.sendQueued != before.sendQueued { fields.insert(.sendQueued) }
        if now.inFlight != before.inFlight { fields.insert(.inFlight) }
        if now.received != before.received { fields.insert(.received) }
        if now.retransmissions != before.retransmissions { fields.insert(.retransmissions) }
    }

    /// The levels after the change.
    public func applied(to before: BufferLevels) -> BufferLevels {
        var levels = before
        if fields.contains(.sendQueued) { levels.sendQueued = self.levels.sendQueued }
        if fields.contains(.inFlight) { levels.inFlight = self.levels.inFlight }
        if fields.contains(.received) { levels.received = self.levels.received }
        if fields.contains(.retransmissions) { levels.retransmissions = self.levels.retransmissions }
        return levels
    }
}
