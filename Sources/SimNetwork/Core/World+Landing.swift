import PeerNetworking
import TCP

// What becomes of a segment at the end of a link, and what the network says of one that could not go on.
extension World {
    // MARK: Arriving at the end of a link

    /// A segment has come to the end of a hop: to its host, or to a router that sends it on.
    func land(_ packet: inout InFlight, on connection: Connection) {
        connection.segmentsInFlight -= 1
        if checksInvariants { checkArrival(of: packet, on: connection) }
        let loss = connection.host(after: Int(packet.hop), from: packet.from)._withUnsafeGuaranteedRef {
            endOfHop(packet, at: $0, on: connection)
        }
        if let loss {
            let isLast = Int(packet.hop) + 1 >= connection.hops
            // A kernel outside sees for itself that a checksum does not fit.
            if loss == .damaged, isLast, connection.isOutside { landOutside(packet, on: connection) }
            lose(packet, loss, on: connection)
            forgetIfDone(connection)
            return
        }
        if Int(packet.hop) + 1 < connection.hops {
            let isPassedOn = connection.host(after: Int(packet.hop), from: packet.from)._withUnsafeGuaranteedRef {
                $0.middlebox == nil || passes(packet, through: $0, on: connection)
            }
            guard isPassedOn else { return forgetIfDone(connection) }
            packet.hop += 1
            packet.cause = eventNumber
            cross(packet, on: connection, isFirst: false)
            forgetIfDone(connection)
            return
        }
        if let notice = packet.notice {
            emit(.arrived(packet.number))
            if connection.isOutside {
                landOutside(packet, on: connection)
            } else {
                receive(notice, mtu: Int32(packet.segment.window), on: connection, at: packet.from.other)
            }
            forgetIfDone(connection)
            return
        }
        if connection.isMute(packet.from.other) {
            lose(packet, .silence, on: connection)
            forgetIfDone(connection)
            return
        }
        let isTaken = connection.end(packet.from.other)._withUnsafeGuaranteedRef { receiver in
            if packet.segment.isFirst, !receiver.services.isEmpty || !overrides.isEmpty,
                refusesConnection(packet, at: receiver, on: connection)
            {
                return false
            }
            if packet.segment.length > 0, receiver.lacksMemory(for: Int64(packet.segment.length)) {
                lose(packet, .noMemory, on: connection)
                return false
            }
            return true
        }
        if isTaken { arrive(&packet, on: connection) } else { forgetIfDone(connection) }
    }

    private func endOfHop(_ packet: borrowing InFlight, at host: Host, on connection: Connection) -> LossReason? {
        guard host.isOn else { return .noPower }
        if packet.fate.contains(.damaged) { return .damaged }
        return nil
    }

    // MARK: What the network says

    /// Sends a notice back to the sender of a segment, from the host before the hop that it could not take.
    ///
    /// - Parameter mtu: bytes that the hop takes, where that was the matter.
    private func tell(_ notice: Notice, of packet: borrowing InFlight, on connection: Connection, mtu: Int32 = 0) {
        segmentsMade += 1
        var answer = InFlight(
            segment: .notice(mtu: UInt16(clamping: mtu), of: packet.segment), from: packet.from.other,
            reference: packet.reference,
            control: UInt32(truncatingIfNeeded: packet.identity),
            transmission: packet.transmission | SegmentDraw.noticeBit, ordinal: 0, number: segmentsMade,
            cause: eventNumber, arrives: now)
        answer.notice = notice
        answer.hop = UInt16(connection.hops) - packet.hop
        guard Int(answer.hop) < connection.hops else {
            // The sender's own kernel says so.
            announce(&answer, of: connection, over: nil, .forward)
            launch(answer, on: connection)
            return
        }
        cross(answer, on: connection, isFirst: true)
    }

    func tellUnreachable(_ packet: borrowing InFlight, on connection: Connection) {
        let hop = connection.hop(Int(packet.hop), from: packet.from)
        let known = hop.flatMap { $0.link[$0.direction].unreachable } ?? connection.host(packet.from.other).unreachable
        tell(known == .network ? .networkUnreachable : .hostUnreachable, of: packet, on: connection)
    }

    func tellTooBig(_ packet: borrowing InFlight, on connection: Connection) {
        guard let hop = connection.hop(Int(packet.hop), from: packet.from) else { return }
        let properties = hop.link[hop.direction].properties
        guard properties.tellsMTU else { return }
        tell(.fragmentationNeeded, of: packet, on: connection, mtu: properties.mtu)
    }

    private func receive(_ notice: Notice, mtu: Int32, on connection: Connection, at side: Side) {
        guard connection.host(side).isOn, let socket = connection.socket(side) else { return }
        switch notice {
        case .hostUnreachable: handle(socket.tcp.unreachable(.hostUnreachable, at: now), of: socket)
        case .networkUnreachable: handle(socket.tcp.unreachable(.networkUnreachable, at: now), of: socket)
        case .fragmentationNeeded:
            let host = connection.host(side)
            host.pathMTUs.learn(mtu, to: connection.host(side.other).id, at: now)
            socket.tcp.fragmentationNeeded(maximumSegmentSize: mtu - LinkProperties.headerBytes, at: now)
            markDirty(socket)
        }
    }
}
