/// Where an action comes from: what its own draws are keyed by.
struct DrawOrigin {
    /// The stable hash of the schedule, of the hand, or of a family of chaos.
    let key: UInt64
    /// Which action of that origin it is.
    private let number: UInt64
    private var draws: UInt64 = 0

    init(_ key: UInt64, number: UInt64) {
        self.key = key
        self.number = number
    }

    /// The number of the action's next draw.
    mutating func takeNumber() -> UInt64 {
        draws += 1
        return number << 20 | draws
    }

    static let schedule = Draw.stableHash("origin.schedule")
    static let hand = Draw.stableHash("origin.hand")
}
