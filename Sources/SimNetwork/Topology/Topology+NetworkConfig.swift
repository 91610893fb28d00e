import Bug
public import PeerNetworking
public import TCP

extension Topology {
    /// A network in which every two of some hosts are joined by a link of their own, all alike.
    ///
    /// - Parameters:
    ///   - hosts: the hosts' names, each different.
    ///   - config: a configuration that ``NetworkConfig/validate()`` finds nothing wrong with.
    public init(mesh hosts: [String], config: NetworkConfig = NetworkConfig()) {
        let violations = config.validate()
        insist(violations.isEmpty, violations.map(\.description).joined(separator: "; "))
        self.init()
        let ids = hosts.map { addHost($0, tcp: TCPOptions(config)) }
        for (index, first) in ids.enumerated() {
            for second in ids[(index + 1)...] { connect(first, second, LinkProperties(config)) }
        }
    }
}

extension LinkProperties {
    /// The latency and loss of a configuration.
    public init(_ config: NetworkConfig) {
        let low = config.latency.lowerBound.inNanoseconds
        let high = config.latency.upperBound.inNanoseconds
        self.init(
            latency: low == high ? .constant(low) : .uniform(low, high), loss: .independent(Probability(config.loss)))
        mtu = Int32(clamping: config.maximumSegmentSize) + LinkProperties.headerBytes
    }
}

extension TCPOptions {
    /// ``sendingAtOnce`` with the buffers, backlog and segment size of a configuration.
    public init(_ config: NetworkConfig) {
        self = .sendingAtOnce
        sendBuffer = Int32(clamping: config.sendBuffer)
        receiveBuffer = Int32(clamping: config.receiveBuffer)
        backlog = Int32(clamping: config.backlog)
        maximumSegmentSize = Int32(clamping: config.maximumSegmentSize)
    }
}
