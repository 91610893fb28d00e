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
