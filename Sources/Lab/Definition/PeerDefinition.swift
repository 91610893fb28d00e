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
    /// The program that it is instead, where it is one that nobody wrote for this lab.
    public var program: ProgramDefinition?

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

extension PeerConfig {
    /// How long a peer may need to be connected after the network is whole again, in nanoseconds: its longest backoff, its
    /// connect timeout, twice its heartbeat timeout, and the time that its circuit may be open.
    var recoveryBound: Int64 {
        let silence = heartbeat.map { $0.timeout * 2 } ?? .zero
        let pause = breaker?.openFor ?? .zero
        return (backoff.maximum + connectTimeout + silence + pause).inNanoseconds
    }
}
