extension EndLevel {
    /// How often the timeout was doubled since something new was acknowledged.
    public static let backoff = EndLevel(place: 10, key: "backoff", label: "backed off", unit: .times)
}

extension EndLevels {
    /// ``EndLevel/backoff``.
    public var backoff: Int32 {
        get { self[.backoff] }
        set { self[.backoff] = newValue }
    }
}
