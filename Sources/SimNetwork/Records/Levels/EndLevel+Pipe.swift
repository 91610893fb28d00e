extension EndLevel {
    /// Segments under way as recovery reckons them (RFC 6675's pipe), while it is not Open.
    public static let pipe = EndLevel(place: 13, key: "pipe", label: "pipe", unit: .segments)
}

extension EndLevels {
    /// ``EndLevel/pipe``.
    public var pipe: Int32 {
        get { self[.pipe] }
        set { self[.pipe] = newValue }
    }
}
