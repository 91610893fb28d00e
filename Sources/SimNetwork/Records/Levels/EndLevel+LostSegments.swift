extension EndLevel {
    /// Segments that count as lost.
    public static let lostSegments = EndLevel(place: 12, key: "lost", label: "lost", unit: .segments)
}

extension EndLevels {
    /// ``EndLevel/lostSegments``.
    public var lostSegments: Int32 {
        get { self[.lostSegments] }
        set { self[.lostSegments] = newValue }
    }
}
