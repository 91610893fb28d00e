extension EndLevel {
    /// How long an acknowledgement is waited for, its back-off included (RFC 6298).
    public static let retransmissionTimeout = EndLevel(place: 9, key: "rto_us", label: "RTO", unit: .microseconds)
}

extension EndLevels {
    /// ``EndLevel/retransmissionTimeout``.
    public var retransmissionTimeout: Int32 {
        get { self[.retransmissionTimeout] }
        set { self[.retransmissionTimeout] = newValue }
    }
}
