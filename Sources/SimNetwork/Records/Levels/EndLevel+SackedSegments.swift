extension EndLevel {
    /// Segments that the other side has told that it has beyond a gap.
    public static let sackedSegments = EndLevel(place: 11, key: "sacked", label: "SACKed", unit: .segments)
}

extension EndLevels {
    /// ``EndLevel/sackedSegments``.
    public var sackedSegments: Int32 {
        get { self[.sackedSegments] }
        set { self[.sackedSegments] = newValue }
    }
}
