/// How a request ended.
public enum RequestOutcome: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Its response came.
    case answered
    /// The other side says that it failed.
    case failed
    /// No response came in time.
    case timedOut
    /// Nobody waited any more.
    case cancelled
    /// It could not be sent.
    case unsent

    /// The outcome in words.
    public var description: String {
        switch self {
        case .answered: "answered"
        case .failed: "failed"
        case .timedOut: "no response in time"
        case .cancelled: "cancelled"
        case .unsent: "could not be sent"
        }
    }
}
