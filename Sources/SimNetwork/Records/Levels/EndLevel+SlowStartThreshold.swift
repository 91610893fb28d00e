extension EndLevel {
    /// Below it the congestion window doubles each round trip; `Int32.max` before the first loss (RFC 5681).
    public static let slowStartThreshold = EndLevel(place: 5, key: "ssthresh", label: "ssthresh", unit: .segments)
}

extension EndLevels {
    /// ``EndLevel/slowStartThreshold``.
    public var slowStartThreshold: Int32 {
        get { self[.slowStartThreshold] }
        set { self[.slowStartThreshold] = newValue }
    }
}
