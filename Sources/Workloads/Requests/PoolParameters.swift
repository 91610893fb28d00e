public import PeerNetworking

/// A pool of connections in a workload's parameters: `pool: {minimum: 1, maximum: 4, selection: least-loaded, idle: 30s}`.
public struct PoolParameters: Codable, Hashable, Sendable {
    /// Connections that it has at least.
    public var minimum = ConnectionPool().minimum
    /// Connections that it has at most; no more than at least, unless given.
    public var maximum: Int?
    /// Which connection an unordered message takes.
    public var selection = ConnectionPool().selection
    /// How long a connection beyond the minimum may carry nothing before it is closed.
    public var idle = TimeSpan.seconds(30)

    /// One connection.
    public init() {}

    /// The pool; it may be none that can be.
    var pool: ConnectionPool {
        ConnectionPool(
            minimum: minimum, maximum: maximum ?? max(minimum, 1), selection: selection, idle: idle.duration)
    }
}
