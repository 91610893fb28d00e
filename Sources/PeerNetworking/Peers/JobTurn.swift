/// What has become of a job of a queue, as the queue or a worker tells it.
public enum JobTurn: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    // Of the queue

    /// It is given to a worker, for the first time.
    case given
    /// It is given once more, for the one that had it has not said that it is done.
    case givenAgain
    /// The time that a worker has for it is over.
    case leaseOver
    /// It could not be handed to the worker.
    case returned
    /// A worker has said first that it is done: that counts.
    case counted
    /// A worker has said that it is done, as another had before: that does not count.
    case repeated

    // Of a worker

    /// The worker begins with it.
    case begun
    /// The worker has done it.
    case done

    /// The turn as traces and metrics have it.
    public var description: String {
        switch self {
        case .given: "given"
        case .givenAgain: "given-again"
        case .leaseOver: "lease-over"
        case .returned: "returned"
        case .counted: "counted"
        case .repeated: "repeated"
        case .begun: "begun"
        case .done: "done"
        }
    }
}
