import PeerNetworking
import TCP

// What a router that knows connections does to what goes through it.
extension World {
    /// Whether a segment goes on at a router; where it does not, that is recorded.
    @inline(never)
    func passes(_ packet: borrowing InFlight, through router: Host, on connection: Connection) -> Bool {
        // What the network says is of a connection that it has just sent on.
        guard packet.notice == nil else { return true }
        let flags = packet.segment.flags
        if options.buggify != nil, let hop = connection.hop(Int(packet.hop), from: packet.from),
            buggifyFires(
                .simNATForget, packet.identity(over: hop.link, hop.direction, on: connection), of: connection.key)
        {
            router.middlebox?.expire(connection.id)
        }
        let verdict = router.middlebox?.take(
            connection.id, isFirst: packet.segment.isFirst,
            endsHandshake: packet.from == .client && flags.contains(.ack) && !flags.contains(.syn), at: now)
        switch verdict {
        case .passes, nil: return true
        case .vanishes: lose(packet, .forgotten, on: connection)
        case .findsNoRoom: lose(packet, .tableFull, on: connection)
        case .resets:
            lose(packet, .forgotten, on: connection)
            if !flags.contains(.rst) { turnAway(packet, on: connection) }
        }
        return false
    }

    /// Sends a reset to the sender of a segment, from the router that it has come to.
    private func turnAway(_ packet: borrowing InFlight, on connection: Connection) {
        segmentsMade += 1
        var answer = InFlight(
            segment: packet.segment.resetInAnswer, from: packet.from.other, reference: packet.reference,
            control: UInt32(truncatingIfNeeded: packet.identity),
            transmission: packet.transmission | SegmentDraw.noticeBit, ordinal: 0, number: segmentsMade,
            cause: eventNumber, arrives: now)
        answer.hop = UInt16(connection.hops) - packet.hop - 1
        cross(answer, on: connection, isFirst: true)
    }

    /// The routers of a connection's way have nothing more to remember of it.
    func forgetAtRouters(_ connection: Connection) {
        for hop in connection.path {
            hop.link.receiver(hop.direction).middlebox?.forget(connection.id)
        }
    }
}
