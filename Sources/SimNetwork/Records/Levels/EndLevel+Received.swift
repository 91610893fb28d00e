extension EndLevel {
    /// What was received in order and not read.
    public static let received = EndLevel(place: 2, key: "received", label: "unread", unit: .bytes)
}

extension EndLevels {
    /// ``EndLevel/received``.
    public var received: Int32 {
        get { self[.received] }
        set { self[.received] = newValue }
    }
}
