import PeerNetworking
import TCP

extension Digest {
    /// Takes in hosts and links with all that is set of them: what differs there differs from the beginning, and not only
    /// where it first shows.
    mutating func mix(_ topology: Topology) {
        var writer = RecordWriter()
        defer { writer.free() }
        for host in topology.hosts {
            writer.text(host.name)
            writer.reserve(256)
            writer.write(host)
            mix(writer.bytes)
            writer.clear()
        }
        for link in topology.links {
            writer.reserve(512)
            writer.natural(link.first.index)
            writer.natural(link.second.index)
            for properties in [link.forward, link.backward] {
                for kind in LinkShape.Kind.allCases { writer.write(properties.shape(kind)) }
            }
            mix(writer.bytes)
            writer.clear()
        }
    }
}

extension RecordWriter {
    fileprivate mutating func write(_ host: Topology.Host) {
        flag(host.isRouter)
        let (limits, tcp) = (host.limits, host.tcp)
        for value in [
            Int64(limits.sockets), limits.memory, Int64(limits.ports), Int64(tcp.maximumSegmentSize),
            Int64(tcp.sendBuffer), Int64(tcp.receiveBuffer), Int64(tcp.backlog), Int64(tcp.synRetries),
            Int64(tcp.synAckRetries), Int64(tcp.retries), tcp.initialRetransmissionTimeout,
            tcp.minimumRetransmissionTimeout, tcp.maximumRetransmissionTimeout, tcp.timeWait, tcp.finTimeout,
            tcp.keepAliveTime, tcp.keepAliveInterval, Int64(tcp.keepAliveProbes), tcp.userTimeout,
            Int64(tcp.greatestReceiveBuffer), Int64(tcp.initialWindow), Int64(tcp.reordering),
            Int64(tcp.synLinearTimeouts), Int64(tcp.orphanRetries), Int64(tcp.congestionControl.rawValue),
            Int64(tcp.acknowledging.rawValue), Int64(tcp.ecn.rawValue), Int64(tcp.firstRetries),
            Int64(tcp.mtuProbing.rawValue), Int64(tcp.baseSegment), Int64(tcp.addressReuse.rawValue),
            Int64(tcp.greatestSendBuffer), Int64(tcp.lateness.rawValue), Int64(tcp.hz), Int64(tcp.synCookies.rawValue),
            Int64(tcp.leastBurst), tcp.answersEvery,
        ] { signed(value) }
        for isOn in [
            tcp.keepAlive, tcp.sack, tcp.timestamps, tcp.windowScaling, tcp.tailLossProbe, tcp.forwardRecovery,
            tcp.slowStartAfterIdle, tcp.noDelay, tcp.cork, tcp.boundsWholeTimeout, tcp.abortsOnOverflow,
            tcp.reusesTimeWait, tcp.resetsOnClose, tcp.isSendBufferFixed, tcp.isReceiveBufferFixed,
            tcp.moderatesReceiveBuffer,
        ] { flag(isOn) }
    }
}
