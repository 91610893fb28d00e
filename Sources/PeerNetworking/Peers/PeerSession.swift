/// A session of a server, as its peer tells of it: the sessions share a name, and each has a queue of its own.
public struct PeerSession: Hashable, Sendable {
    /// The connection over which it answers.
    public var connection: ConnectionID
    /// Messages that its own queue holds, 0 or more.
    public var depth: Int32

    /// Makes what is told of a session.
    public init(connection: ConnectionID, depth: Int32) {
        self.connection = connection
        self.depth = depth
    }
}
