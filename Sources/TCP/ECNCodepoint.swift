/// What a packet says of congestion: the two bits of its IP header (RFC 3168, 5).
public enum ECNCodepoint: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Its ends do not know marks: a queue that has to tell of congestion drops it.
    case notCapable = 0
    /// Its ends know marks (ECT(1)).
    case capable1 = 1
    /// Its ends know marks (ECT(0)); this one TCP sends.
    case capable0 = 2
    /// A queue has marked it.
    case congestion = 3

    /// Whether a queue may mark it.
    package var isCapable: Bool { self != .notCapable }

    /// The name of RFC 3168.
    public var description: String {
        switch self {
        case .notCapable: "not-ECT"
        case .capable1: "ECT(1)"
        case .capable0: "ECT(0)"
        case .congestion: "CE"
        }
    }
}
