/// The levels of an end of a connection at one moment; 0 where nothing is known.
public struct EndLevels: Hashable, Sendable {
    /// How many levels there may be.
    static let capacity = 16
    /// Those that move without a loss.
    private(set) var usual = Usual()
    /// Those that move only where something is lost or out of order.
    private(set) var losses = Losses.zero

    /// The first four, of which some move with most events, and those that move less often: so they are compared at once.
    struct Usual {
        fileprivate var often = SIMD4<Int32>.zero
        fileprivate var seldom = (SIMD4<Int32>.zero, SIMD4<Int32>.zero)
    }

    typealias Losses = SIMD4<Int32>

    /// All levels 0.
    public init() {}

    @inline(__always)
    init(_ usual: Usual, _ losses: Losses) { (self.usual, self.losses) = (usual, losses) }

    /// Whether any of those that only losses move is not 0.
    @inline(__always)
    var haveLosses: Bool { Self.differ(losses, .zero) }

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
        for place in 0..<4 where usual.often[place] != before.usual.often[place] {
            fields.insert(EndChange.Fields(level: place))
        }
        if Self.differ(losses, before.losses) {
            for place in 0..<4 where losses[place] != before.losses[place] {
                fields.insert(EndChange.Fields(level: 12 + place))
            }
        }
        guard Self.differ(usual.seldom.0, before.usual.seldom.0) || Self.differ(usual.seldom.1, before.usual.seldom.1)
        else { return fields }
        for place in 4..<12 where self[place: place] != before[place: place] {
            fields.insert(EndChange.Fields(level: place))
        }
        return fields
    }

    /// Whether four levels are others: looked at as two words, where the vectors' own comparison looks at each number.
    @inline(__always)
    private static func differ(_ left: SIMD4<Int32>, _ right: SIMD4<Int32>) -> Bool {
        let words = unsafeBitCast(left ^ right, to: SIMD2<UInt64>.self)
        return words[0] | words[1] != 0
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
        if fields.intersection(.levels).rawValue >= 2 << EndLevels.capacity { refuse("a level that is none") }
        for place in fields.places where place < EndLevels.capacity { levels[place: place] = small() }
        return levels
    }
}

extension EndLevels {
    @inline(__always)
    fileprivate subscript(place place: Int) -> Int32 {
        get {
            if place < 4 { return usual.often[place] }
            if place < 8 { return usual.seldom.0[place &- 4] }
            return place < 12 ? usual.seldom.1[place &- 8] : losses[place &- 12]
        }
        set {
            if place < 4 {
                usual.often[place] = newValue
            } else if place < 8 {
                usual.seldom.0[place &- 4] = newValue
            } else if place < 12 {
                usual.seldom.1[place &- 8] = newValue
            } else {
                losses[place &- 12] = newValue
            }
        }
    }
}
