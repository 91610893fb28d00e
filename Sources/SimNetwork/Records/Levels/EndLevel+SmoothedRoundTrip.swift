extension EndLevel {
    /// The smoothed round trip; 0 before the first was measured (RFC 6298).
    public static let smoothedRoundTrip = EndLevel(place: 7, key: "srtt_us", label: "srtt", unit: .microseconds)
}

extension EndLevels {
    /// ``EndLevel/smoothedRoundTrip``.
    public var smoothedRoundTrip: Int32 {
        get { self[.smoothedRoundTrip] }
        set { self[.smoothedRoundTrip] = newValue }
    }
}
