import PeerNetworking
import TCP

// Connections whose kernels are outside: their segments cross the links as simulated ones do.
extension World {
    func openOutside(
        _ id: ConnectionID, from: (host: HostID, port: UInt16), to: (host: HostID, port: UInt16), by process: ProcessID?
    ) {
        let (source, target) = (hosts[Int(from.host.index)], hosts[Int(to.host.index)])
        let asking = process.map { processes[Int($0.index)] }
        let opener = (process: asking, attempt: attempt(by: asking, from: source, at: target, port: to.port))
        let connection = Connection(
            id: id, client: source, server: target, clientPort: from.port, serverPort: to.port,
            path: path(from: source, to: target) ?? [], opener: opener)
        connection.outside = OutsideConnection()
        connections[id.number] = connection
        connectionsMade = max(connectionsMade, id.number)
        hasOutside = true
        emit(
            .opened(
                id, from: from.host, fromPort: from.port, to: to.host, toPort: to.port,
                by: process.map { Opener(process: $0, attempt: Int32(opener.attempt)) }))
    }

    func leaves(_ segment: TCPSegment, on connection: Connection, from side: Side) {
        var segment = segment
        guard let before = connection.outside else { return }
        // A machine without power sends nothing, and neither does an end that is gone without a word, whatever its kernel does.
        guard connection.host(side).isOn, !connection.isMute(side) else { return }
        connection.outside?.leaves(&segment, from: side, at: now)
        if connection.link == nil {
            // No way leads there, and its own kernel says so.
            landings.append(
                landing(of: .notice(mtu: 0, of: segment), saying: .networkUnreachable, at: side, of: connection))
        } else {
            transmit(segment, on: connection, from: side)
        }
        tell(before, of: connection)
    }

    /// Something that an end is to have.
    private func landing(
        of segment: TCPSegment, saying notice: Notice?, at side: Side, of connection: Connection
    ) -> Landing {
        Landing(
            from: (connection.host(side.other).id, connection.port(side.other)),
            to: (connection.host(side).id, connection.port(side)), segment: segment, notice: notice, isDamaged: false,
            due: now)
    }

    func breakOff(_ connection: Connection, at side: Side) {
        guard let before = connection.outside, let number = before[side].expects else { return }
        let reset = TCPSegment(flags: .rst, window: 0, sequence: number, acknowledgement: 0)
        landings.append(landing(of: reset, saying: nil, at: side, of: connection))
        connection.outside?.told(nil, of: side)
        emit(.failed(connection.id, side, .connectionReset))
        tell(before, of: connection)
    }

    /// A segment, or what the network says of one, is for a kernel outside.
    func landOutside(_ packet: borrowing InFlight, on connection: Connection) {
        let side = packet.from.other
        let isNotice = packet.notice != nil
        var landing = landing(of: packet.segment, saying: packet.notice, at: side, of: connection)
        landing.isDamaged = packet.fate.contains(.damaged)
        landings.append(landing)
        guard !isNotice, !packet.fate.contains(.damaged), let before = connection.outside else { return }
        connection.outside?.arrives(packet.segment, at: side, now: now)
        tell(before, of: connection)
    }

    /// The ends of connections outside that a host has are gone with its power.
    func losePowerOutside(_ host: Host) {
        guard hasOutside else { return }
        // In order of their numbers: a dictionary has none.
        for number in connections.keys.sorted() {
            guard let connection = connections[number], let before = connection.outside else { continue }
            for side in Side.allCases where connection.host(side) === host { connection.outside?.told(nil, of: side) }
            tell(before, of: connection)
        }
    }

    /// Says what has changed in the states of a connection's ends.
    func tell(_ before: OutsideConnection, of connection: Connection) {
        guard let outside = connection.outside else { return }
        for side in Side.allCases {
            let (then, now) = (before[side], outside[side])
            if now.state != then.state { emit(.tcp(connection.id, side, now.state)) }
            guard now.repeated != then.repeated else { continue }
            var (levels, known) = (EndLevels(), EndLevels())
            (levels.retransmissions, known.retransmissions) = (now.repeated, then.repeated)
            emit(.end(connection.id, side, EndChange(levels, since: known)))
        }
        forgetIfDone(connection)
    }
}
