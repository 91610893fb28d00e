/// What must hold after every event of every run, whatever is done to the network.
public enum Invariant: String, Hashable, Sendable, CaseIterable {
    /// Bytes written are those read, those that wait to be read, and those that the sender still holds.
    case conservation = "conservation of bytes"
    /// The bytes read from a stream are the first of those written to it.
    case prefix = "prefix of every stream"
    /// Time does not go back.
    case timeOrder = "no event in the past"
    /// Nothing arrives over a link that was cut, or a partition that began, since it was sent.
    case cut = "no delivery across a cut"
    /// Nobody sends beyond the window that was advertised to it.
    case flowControl = "flow control"
    /// Nothing holds more than its bound: buffers, backlogs, queues before lines.
    case queueBounds = "queue bounds"
    /// Acknowledged is not beyond sent, sent not beyond the highest ever sent, received not beyond that.
    case sequence = "sequence numbers"
    /// A connection whose ends are gone and of which nothing is on the wire is forgotten.
    case registry = "registry of connections"
}

/// An invariant that did not hold.
public struct InvariantViolation: Hashable, Sendable, CustomStringConvertible {
    /// Which.
    public var invariant: Invariant
    /// The number of the event after which it did not.
    public var event: Int
    /// What was found.
    public var detail: String

    /// Says what did not hold.
    package init(invariant: Invariant, event: Int, detail: String) {
        self.invariant = invariant
        self.event = event
        self.detail = detail
    }

    /// One line.
    public var description: String { "\(invariant.rawValue) broken at event \(event): \(detail)" }
}
