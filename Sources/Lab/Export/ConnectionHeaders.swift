import LinuxNetwork
import NIOCore
import PeerNetworking
import SimNetwork
import SocketNetwork
import TCP

/// The real headers of a run's segments: what their records leave out because it is the same for all of a connection.
struct ConnectionHeaders {
    private struct End {
        var host: HostID
        var address: UInt32
        var port: UInt16
        /// The number that its others count from, as its SYN has it.
        var initial: UInt32 = 0
        var options: TCPOptions
    }

    private let hosts: [Topology.Host]
    private var connections: [ConnectionID: (client: End, server: End)] = [:]

    init(_ lab: LabDefinition) { hosts = lab.topology.hosts }

    /// Takes in that a connection was opened, or is forgotten.
    mutating func take(_ change: Change) {
        if case .opened(let connection, let from, let fromPort, let to, let toPort, _) = change {
            connections[connection] = (end(from, fromPort), end(to, toPort))
        } else if case .forgotten(let connection) = change {
            connections[connection] = nil
        }
    }

    private func end(_ host: HostID, _ port: UInt16) -> End {
        End(host: host, address: Self.address(host), port: port, options: hosts[Int(host.index)].tcp)
    }

    /// The address of a host: that of its namespace on Linux.
    static func address(_ host: HostID) -> UInt32 { HostAddresses.benchmark.number(Int(host.index)) }

    /// The host of a segment's sender.
    func host(of segment: SegmentSummary) -> HostID? {
        connections[segment.connection].map { segment.from == .client ? $0.client.host : $0.server.host }
    }

    /// The packet of a segment without its payload, whose bytes ``payload(of:)`` makes; nil for one of a connection that was
    /// never opened.
    mutating func packet(_ segment: SegmentSummary) -> Packet? {
        guard var ends = connections[segment.connection] else { return nil }
        if segment.flags.contains(.syn), segment.notice == nil {
            if segment.from == .client { ends.client.initial = segment.initial }
            if segment.from == .server { ends.server.initial = segment.initial }
            connections[segment.connection] = ends
        }
        let (own, other) = segment.from == .client ? (ends.client, ends.server) : (ends.server, ends.client)
        let isSYN = segment.flags.contains(.syn)
        let isScaled = own.options.windowScaling && other.options.windowScaling
        let scale = isScaled && !isSYN ? own.options.wantedScale : 0
        // An answer offers what it was offered.
        let mayOffer = isSYN && segment.flags.contains(.ack)
        let offered =
            isSYN
            ? SegmentOptions(
                maximumSegmentSize: segment.maximumSegmentSize,
                windowScale: own.options.windowScaling && (!mayOffer || isScaled) ? own.options.wantedScale : nil,
                permitsSACK: own.options.sack && (!mayOffer || other.options.sack))
            : segment.blocks.isEmpty
                ? nil
                : SegmentOptions(
                    blocks: segment.blocks.prefix(4).map {
                        .init(
                            start: other.initial &+ UInt32(truncatingIfNeeded: $0.lowerBound),
                            end: other.initial &+ UInt32(truncatingIfNeeded: $0.upperBound))
                    })
        return Packet(
            source: own.address, destination: other.address, sourcePort: own.port, destinationPort: other.port,
            segment: TCPSegment(
                flags: segment.flags, window: UInt16(clamping: segment.window >> Int32(scale)),
                sequence: own.initial &+ UInt32(truncatingIfNeeded: segment.sequence),
                acknowledgement: segment.flags.contains(.ack)
                    ? other.initial &+ UInt32(truncatingIfNeeded: segment.acknowledgement) : 0,
                options: offered, codepoint: segment.codepoint))
    }

    /// Bytes in place of those that a segment carried, which no record keeps: the same for the same place of the stream.
    static func payload(of segment: SegmentSummary) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(Int(segment.length))
        for place in 0..<Int64(segment.length) {
            buffer.writeInteger(UInt8(truncatingIfNeeded: 0x61 + (segment.sequence + place) % 26))
        }
        return buffer
    }
}
