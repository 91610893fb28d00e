extension EndLevel {
    /// What was sent and is not acknowledged; a SYN and a FIN count one each.
    public static let inFlight = EndLevel(place: 1, key: "in_flight", label: "unacked", unit: .bytes)
}

extension EndLevels {
    /// ``EndLevel/inFlight``.
    public var inFlight: Int32 {
        get { self[.inFlight] }
        set { self[.inFlight] = newValue }
    }
}
