/// The number of a host within a run, from 0, in the order of the topology.
public struct HostID: Hashable, Comparable, Sendable {
    /// The number, from 0.
    public var index: Int32

    /// Makes an identity of its number.
    public init(_ index: Int) { self.index = Int32(index) }

    /// Orders hosts as the topology lists them.
    public static func < (left: HostID, right: HostID) -> Bool { left.index < right.index }
}

/// The number of a process within a run, from 0, in the order in which processes were defined.
public struct ProcessID: Hashable, Comparable, Sendable {
    /// The number, from 0.
    public var index: Int32

    /// Makes an identity of its number.
    public init(_ index: Int) { self.index = Int32(index) }

    /// Orders processes by definition.
    public static func < (left: ProcessID, right: ProcessID) -> Bool { left.index < right.index }
}

/// The number of a link within a run, from 0, in the order of the topology.
public struct LinkID: Hashable, Comparable, Sendable {
    /// The number, from 0.
    public var index: Int32

    /// Makes an identity of its number.
    public init(_ index: Int) { self.index = Int32(index) }

    /// Orders links as the topology lists them.
    public static func < (left: LinkID, right: LinkID) -> Bool { left.index < right.index }
}

/// One direction of a link.
public enum LinkDirection: UInt8, Hashable, Sendable, CaseIterable {
    /// From the host that the link names first to the second.
    case forward
    /// From the second host to the first.
    case backward

    /// The other direction.
    public var opposite: LinkDirection { self == .forward ? .backward : .forward }
}

/// One end of a connection.
public enum Side: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The end that called `connect`.
    case client
    /// The end that was accepted.
    case server

    /// The other end.
    @inline(__always)
    public var other: Side { self == .client ? .server : .client }

    /// `client` or `server`.
    public var description: String { self == .client ? "client" : "server" }
}
