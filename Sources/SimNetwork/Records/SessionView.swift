public import PeerNetworking

/// A session's visible state: what a server's peer has for itself at its end of one connection.
public struct SessionView: Hashable, Sendable {
    /// The server's peer, whose sessions share all else.
    public internal(set) var peer: PeerNumber
    /// Messages in its send queue, of as many as ``PeerView/capacity`` says.
    public internal(set) var depth: Int32 = 0
    /// The most there ever were.
    public internal(set) var highWater: Int32 = 0
    /// The application waits for room in the queue.
    public internal(set) var isBlocked = false
    /// The latest round trip in nanoseconds.
    public internal(set) var roundTrip: Int64?
}
