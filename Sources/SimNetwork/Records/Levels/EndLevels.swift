/// The levels of an end of a connection at one moment; 0 where nothing is known.
public struct EndLevels: Hashable, Sendable {
    /// How many levels there may be.
    static let capacity = 16
    /// The first four, of which some move with most events, and those that move less often: so they are compared at once.
    private var often = SIMD4<Int32>.zero
    private var seldom = SIMD8<Int32>.zero
    /// Those that move only where something is lost or out of order.
    private var rarely = SIMD4<Int32>.zero

    /// All levels 0.
    public init() {}

    /// The value of a level.
    @inline(__always)
    public subscript(level: EndLevel) -> Int32 {
        get { self[place: level.place] }
        set { self[place: level.place] = newValue }
    }

    /// The levels that are others than they were.
    @inline(__always)
    func changes(since before: EndLevels) -> EndChange.Fields {
        var fields: EndChange.Fields = []
        for place in 0..<4 where often[place] != before.often[place] { fields.insert(EndChange.Fields(level: place)) }
        let rare = unsafeBitCast(rarely ^ before.rarely, to: SIMD2<UInt64>.self)
        if rare[0] | rare[1] != 0 {
            for place in 0..<4 where rarely[place] != before.rarely[place] {
                fields.insert(EndChange.Fields(level: 12 + place))
            }
        }
        // By words: the vectors' own comparison looks at one number after the other.
        let words = unsafeBitCast(seldom ^ before.seldom, to: SIMD4<UInt64>.self)
        guard words[0] | words[1] | words[2] | words[3] != 0 else { return fields }
        for place in 0..<8 where seldom[place] != before.seldom[place] {
            fields.insert(EndChange.Fields(level: 4 + place))
        }
        return fields
    }

    /// The levels after a change.
    public func applying(_ change: EndChange) -> EndLevels {
        var levels = self
        for place in change.fields.places { levels[place: place] = change.levels[place: place] }
        return levels
    }

    /// Levels are the same where each is.
    public static func == (left: EndLevels, right: EndLevels) -> Bool { left.changes(since: right).isEmpty }

    /// Hashes each.
    public func hash(into hasher: inout Hasher) {
        for place in 0..<Self.capacity { hasher.combine(self[place: place]) }
    }
}

extension RecordWriter {
    /// Writes those levels that a change names.
    @inline(__always)
    mutating func write(_ levels: EndLevels, _ fields: EndChange.Fields) {
        for place in fields.places { natural(levels[place: place]) }
    }
}

extension RecordReader {
    /// Reads the levels that a change names.
    mutating func levels(_ fields: EndChange.Fields) -> EndLevels {
        var levels = EndLevels()
        for place in fields.places { levels[place: place] = small() }
        return levels
    }
}

extension EndLevels {
    @inline(__always)
    fileprivate subscript(place place: Int) -> Int32 {
        get { place < 4 ? often[place] : place < 12 ? seldom[place &- 4] : rarely[place &- 12] }
        set {
            if place < 4 {
                often[place] = newValue
            } else if place < 12 {
                seldom[place &- 4] = newValue
            } else {
                rarely[place &- 12] = newValue
            }
        }
    }
}
