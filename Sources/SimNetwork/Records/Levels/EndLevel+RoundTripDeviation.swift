extension EndLevel {
    /// How far round trips lie from the smoothed one, on the whole (RFC 6298).
    public static let roundTripDeviation = EndLevel(place: 8, key: "rttvar_us", label: "rttvar", unit: .microseconds)
}

extension EndLevels {
    /// ``EndLevel/roundTripDeviation``.
    public var roundTripDeviation: Int32 {
        get { self[.roundTripDeviation] }
        set { self[.roundTripDeviation] = newValue }
    }
}
