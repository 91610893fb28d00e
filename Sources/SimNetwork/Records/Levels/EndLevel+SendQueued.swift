extension EndLevel {
    /// What the application has written and the other side has not acknowledged.
    public static let sendQueued = EndLevel(place: 0, key: "send_queued", label: "to send", unit: .bytes)
}

extension EndLevels {
    /// ``EndLevel/sendQueued``.
    public var sendQueued: Int32 {
        get { self[.sendQueued] }
        set { self[.sendQueued] = newValue }
    }
}
