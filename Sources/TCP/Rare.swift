/// A value that most endpoints never have, and which takes a word where there is none.
indirect enum Rare<Value> {
    case nothing
    case something(Value)

    /// The value; nil where there is none.
    var value: Value? {
        get { if case .something(let value) = self { value } else { nil } }
        set { self = newValue.map { .something($0) } ?? .nothing }
    }

    /// Whether there is none.
    @inline(__always)
    var isNothing: Bool { if case .nothing = self { true } else { false } }
}
