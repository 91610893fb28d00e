public import PeerNetworking

/// What traffic a fault concerns.
public enum TrafficScope: Hashable, Sendable {
    /// What crosses a link, in one direction or in both.
    case link(LinkID, LinkDirection?)
    /// What goes to a host, leaves it, or both.
    case host(HostID, Bound?)

    /// A host's side of its traffic.
    public enum Bound: UInt8, Hashable, Sendable, CaseIterable {
        /// What arrives.
        case inbound
        /// What leaves.
        case outbound
    }
}

/// A listener, or all those of a host.
public struct ServiceScope: Hashable, Sendable {
    /// The host that listens.
    public var host: HostID
    /// The port; nil for all.
    public var port: UInt16?

    /// A listener, or all those of a host.
    public init(_ host: HostID, port: UInt16? = nil) {
        self.host = host
        self.port = port
    }
}

/// Whose reads and writes a fault concerns.
public enum IOScope: Hashable, Sendable {
    /// A process's.
    case process(ProcessID)
    /// Those of all processes of a host.
    case host(HostID)
    /// One connection's, at both ends.
    case connection(ConnectionID)
}

/// Which connections a fault concerns, and which end of them.
public enum ConnectionScope: Hashable, Sendable {
    /// A connection; where an end is meant and none is given, the client's.
    case connection(ConnectionID, Side?)
    /// All open connections of a process; where an end is meant, the process's own.
    case process(ProcessID)
}

/// A partition: nothing passes from one group of hosts to the other.
public struct Partition: Hashable, Sendable {
    /// One group.
    public let first: [HostID]
    /// The other.
    public let second: [HostID]
    /// What goes from the second group to the first still passes.
    public let isOneWay: Bool
    private let members: (first: HostGroup, second: HostGroup)

    /// A partition of two groups, which have no host in common.
    public init(_ first: [HostID], _ second: [HostID], isOneWay: Bool = false) {
        self.first = first
        self.second = second
        self.isOneWay = isOneWay
        members = (HostGroup(first), HostGroup(second))
    }

    /// Whether nothing passes from a host to another; asked for every segment, in groups of up to 100,000 hosts.
    public func blocks(_ source: HostID, _ target: HostID) -> Bool {
        if members.first.contains(source), members.second.contains(target) { return true }
        return !isOneWay && members.second.contains(source) && members.first.contains(target)
    }

    /// Whether a host is in both groups.
    var hasSharedHost: Bool { first.contains { members.second.contains($0) } }

    /// The same groups, and the same ways.
    public static func == (left: Partition, right: Partition) -> Bool {
        left.first == right.first && left.second == right.second && left.isOneWay == right.isOneWay
    }

    /// Takes in the groups and the ways.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(first)
        hasher.combine(second)
        hasher.combine(isOneWay)
    }
}

/// How a partition's groups are chosen, after FoundationDB's and Jepsen's nemeses.
public enum PartitionPlan: Hashable, Sendable {
    /// As given.
    case groups(Partition)
    /// Each host falls to either side with probability one half; neither side is empty.
    case random(oneWay: Bool)
    /// First the size of a side is drawn, uniformly, then who is on it.
    case uniformSize(oneWay: Bool)
    /// One host, drawn, against all others.
    case isolateOne(oneWay: Bool)
}

/// How connections are closed under their applications.
public struct RandomClose: Hashable, Sendable {
    /// Who learns of it; the other finds out when it next sends.
    public enum Learns: UInt8, Hashable, Sendable, CaseIterable {
        /// The end whose call it happens under.
        case this
        /// The other end.
        case other
        /// Both.
        case both
    }

    /// What those who learn of it see.
    public enum Manner: UInt8, Hashable, Sendable, CaseIterable {
        /// `connectionReset`.
        case reset
        /// A clean end of stream.
        case end
    }

    /// The probability, a read or write.
    public var probability: Probability
    /// Who learns of it.
    public var learns: Learns
    /// What they see.
    public var manner: Manner
    /// It happens under the call after the one that drew it.
    public var onNextUse: Bool

    /// Closes connections: at both ends, at once and with a reset, where nothing else is said.
    public init(
        _ probability: Probability, learns: Learns = .both, manner: Manner = .reset, onNextUse: Bool = false
    ) {
        self.probability = probability
        self.learns = learns
        self.manner = manner
        self.onNextUse = onNextUse
    }
}

/// Calls that move fewer bytes than they could.
public struct ShortIO: Hashable, Sendable {
    /// The most bytes such a call moves; 1 or more.
    public var largest: Int32
    /// The probability, a call.
    public var probability: Probability

    /// Shortens calls.
    public init(largest: Int32, probability: Probability = .always) {
        self.largest = largest
        self.probability = probability
    }
}

/// How a name fails to resolve.
public enum NameFailure: Hashable, Sendable {
    /// It does not exist: `nameNotFound`.
    case notFound
    /// The server has no answer now (`EAI_AGAIN`): `timedOut`, at once.
    case temporary
    /// The answer takes so many nanoseconds; after 10 s (`resolv.conf`: two attempts of 5 s) it is `timedOut`.
    case slow(Int64)
}

/// What the network says of a place that cannot be reached (ICMP, RFC 792).
public enum Unreachability: UInt8, Hashable, Sendable, CaseIterable {
    /// `hostUnreachable`.
    case host
    /// `networkUnreachable`.
    case network

    /// What an application sees of it.
    public var code: NetworkError.Code { self == .host ? .hostUnreachable : .networkUnreachable }
}

/// A step of a connection that segments belong to.
public enum ProtocolMoment: String, Hashable, Sendable, CaseIterable {
    /// The segments that ask for a connection (SYN).
    case syn
    /// The answers to them (SYN-ACK).
    case synAck = "syn-ack"
    /// All of the handshake: SYN, SYN-ACK, and the acknowledgement that completes it.
    case handshake
    /// The segment with the first byte of a direction.
    case firstData = "first-data"
    /// The segments that end a direction (FIN).
    case fin
}
