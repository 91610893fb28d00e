extension EndLevel {
    /// How the sender stands with what it has lost: a `LossRecovery.State`.
    public static let recovery = EndLevel(place: 6, key: "recovery", label: "recovery", unit: .recovery)
}

extension EndLevels {
    /// ``EndLevel/recovery``.
    public var recovery: Int32 {
        get { self[.recovery] }
        set { self[.recovery] = newValue }
    }
}
