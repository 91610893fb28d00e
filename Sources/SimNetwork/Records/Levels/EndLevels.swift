/// The levels of an end of a connection at one moment; 0 where nothing is known.
public struct EndLevels: Hashable, Sendable {
    private typealias Values = InlineArray<6, Int32>
    /// How many levels there may be.
    static let capacity = Values.count
    private var values = Values(repeating: 0)

    /// All levels 0.
    public init() {}

    /// The value of a level.
    @inline(__always)
    public subscript(level: EndLevel) -> Int32 {
        get { values[level.place] }
        set { values[level.place] = newValue }
    }

    /// The levels that are others than they were.
    @inline(__always)
    func changes(since before: EndLevels) -> EndChange.Fields {
        var fields: EndChange.Fields = []
        for place in 0..<Self.capacity where values[place] != before.values[place] {
            fields.insert(EndChange.Fields(level: place))
        }
        return fields
    }

    /// The levels after a change.
    public func applying(_ change: EndChange) -> EndLevels {
        var levels = self
        for place in change.fields.places { levels.values[place] = change.levels.values[place] }
        return levels
    }

    /// Levels are the same where each is.
    public static func == (left: EndLevels, right: EndLevels) -> Bool { left.changes(since: right).isEmpty }

    /// Hashes each.
    public func hash(into hasher: inout Hasher) {
        for place in 0..<Self.capacity { hasher.combine(values[place]) }
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
        get { values[place] }
        set { values[place] = newValue }
    }
}
