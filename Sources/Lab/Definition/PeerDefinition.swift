public import PeerNetworking
public import SimNetwork

/// A peer of a lab: what it runs, where, and how it is configured.
public struct PeerDefinition: Hashable, Sendable {
    /// Its name, unique in the lab.
    public var name: String
    /// The host it runs on.
    public var host: HostID
    /// The port it listens on, 1…65,535, for one that serves.
    public var listen: UInt16?
    /// Where it connects to, for one that does.
    public var connect: Endpoint?
    /// The application.
    public var workload: WorkloadDefinition
    /// How its connection is kept.
    public var config: PeerConfig

    /// Makes a peer.
    public init(
        name: String, host: HostID, listen: UInt16? = nil, connect: Endpoint? = nil, workload: WorkloadDefinition,
        config: PeerConfig = PeerConfig()
    ) {
        self.name = name
        self.host = host
        self.listen = listen
        self.connect = connect
        self.workload = workload
        self.config = config
    }
}

/// The messages that an application sends.
public struct MessageLoad: Hashable, Sendable {
    /// The time between two, in nanoseconds; 0 for as fast as the queue admits them.
    public var every: Int64
    /// Bytes of each.
    public var size: Int
    /// How many; 0 for no end.
    public var count: UInt64
    /// What is wanted of their delivery.
    public var delivery: Delivery

    /// Reliable ones of 64 bytes without end, or as given.
    public init(every: Int64, size: Int = 64, count: UInt64 = 0, delivery: Delivery = .reliable) {
        self.every = every
        self.size = size
        self.count = count
        self.delivery = delivery
    }
}

/// An application and its parameters. Times in nanoseconds, sizes in bytes.
public enum WorkloadDefinition: Hashable, Sendable {
    /// Answers every message with itself (`echo`); listens.
    case echo
    /// Sends messages and waits for their answers (`ping-pong`); connects.
    case pingPong(MessageLoad)
    /// Sends messages as fast as the queue admits them (`flood`), never waiting for answers; connects.
    case flood(MessageLoad)
    /// Takes messages and answers none (`sink`); listens.
    case sink
    /// Sends a stream of bytes with a checksum at its end over a connection of its own (`bulk`, with `bytes`); connects.
    case bulkSend(bytes: UInt64)
    /// Receives such streams and checks them (`bulk`, without parameters); listens.
    case bulkReceive

    /// The name in lab files.
    public var name: String {
        switch self {
        case .echo: "echo"
        case .pingPong: "ping-pong"
        case .flood: "flood"
        case .sink: "sink"
        case .bulkSend, .bulkReceive: "bulk"
        }
    }
}

extension PeerConfig {
    /// How long a peer may need to be connected after the network is whole again, in nanoseconds: its longest backoff, its
    /// connect timeout, twice its heartbeat timeout, and the time that its circuit may be open.
    var recoveryBound: Int64 {
        let silence = heartbeat.map { $0.timeout * 2 } ?? .zero
        let pause = breaker?.openFor ?? .zero
        return (backoff.maximum + connectTimeout + silence + pause).inNanoseconds
    }
}
