public import TCP

/// What an event has changed of an end: of its levels those that moved, and its timers where they did.
public struct EndChange: Hashable, Sendable {
    /// What moved.
    public struct Fields: OptionSet, Hashable, Sendable {
        /// The lowest bit for the timer, the next for the level of place 0, and so on.
        public let rawValue: UInt32
        /// Makes a set of its bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        @inline(__always)
        init(level place: Int) { rawValue = 2 << UInt32(truncatingIfNeeded: place) }

        /// The timer that is due first was set, moved or taken away.
        public static let timer = Fields(rawValue: 1)
        /// So was one that is due later.
        public static let laterTimers = Fields(rawValue: 1 << 31)
        /// A level moved.
        public static func level(_ level: EndLevel) -> Fields { Fields(level: level.place) }
        /// Any of the levels.
        public static let levels = Fields(rawValue: ~(1 | 1 << 31))

        /// The places of the levels that moved, the lowest first.
        @inline(__always)
        var places: Places { Places(rest: (rawValue & ~(1 << 31)) >> 1) }

        /// The bits that are set, the lowest first.
        struct Places: Sequence, IteratorProtocol {
            fileprivate var rest: UInt32

            @inline(__always)
            mutating func next() -> Int? {
                if rest == 0 { return nil }
                defer { rest &= rest &- 1 }
                return rest.trailingZeroBitCount
            }
        }
    }

    /// What moved.
    public internal(set) var fields: Fields = []
    /// The levels as they are now; only those that ``fields`` names count.
    public internal(set) var levels = EndLevels()
    /// The timer that is due first as it is now, where ``fields`` names it; nil where none runs.
    public internal(set) var timer: EndTimer?
    /// Those that are due later as they are now, where ``fields`` names them.
    public internal(set) var laterTimers = TCPTimers()

    /// Nothing has changed.
    init() {}

    /// The levels have become others than they were.
    package init(_ levels: EndLevels, since before: EndLevels) {
        fields = levels.changes(since: before)
        self.levels = levels
    }

    /// The levels that moved, in the order of their places.
    public var moved: [EndLevel] { EndLevel.all.filter { fields.contains(.level($0)) } }
}
