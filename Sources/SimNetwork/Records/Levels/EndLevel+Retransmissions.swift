extension EndLevel {
    /// Segments that were sent again so far.
    public static let retransmissions = EndLevel(place: 3, key: "retransmissions", label: "resent", unit: .segments)
}

extension EndLevels {
    /// ``EndLevel/retransmissions``.
    public var retransmissions: Int32 {
        get { self[.retransmissions] }
        set { self[.retransmissions] = newValue }
    }
}
