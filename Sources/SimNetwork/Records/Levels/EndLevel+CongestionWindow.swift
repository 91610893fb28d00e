extension EndLevel {
    /// How much may be under way by what the sender knows of the way (RFC 5681).
    public static let congestionWindow = EndLevel(place: 4, key: "cwnd", label: "cwnd", unit: .segments)
}

extension EndLevels {
    /// ``EndLevel/congestionWindow``.
    public var congestionWindow: Int32 {
        get { self[.congestionWindow] }
        set { self[.congestionWindow] = newValue }
    }
}
