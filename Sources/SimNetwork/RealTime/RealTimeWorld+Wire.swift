package import PeerNetworking
package import TCP

/// A segment that has crossed a network, or what the network says of one, where a kernel outside is to have it.
package struct Landing {
    /// Who has sent it, and who is to have it.
    package let from: (host: HostID, port: UInt16)
    package let to: (host: HostID, port: UInt16)
    /// The segment; of a notice, that of which it speaks has its number.
    package let segment: TCPSegment
    /// What the network says, where this is no segment.
    package let notice: Notice?
    /// Its checksum does not fit.
    package let isDamaged: Bool
    /// When it was due, in nanoseconds of the run.
    package let due: Int64
}

/// The links of the world as a wire between kernels outside: segments enter it where they leave a host, cross its lanes as
/// simulated ones do, and land outside again.
extension RealTimeWorld {
    /// Begins a connection that a kernel outside asks for.
    ///
    /// - Parameters:
    ///   - id: its number, which no other has had.
    ///   - process: who asks; nil for a program that is not known here.
    package func open(
        _ id: ConnectionID, from: (host: HostID, port: UInt16), to: (host: HostID, port: UInt16),
        by process: ProcessID?,
        at time: Int64
    ) -> [EventRecord] {
        guard world.connections[id.number] == nil else { return [] }
        return event(at: time, host: from.host, connection: id, process: process) {
            world.openOutside(id, from: from, to: to, by: process)
        }
    }

    /// Whether a connection is known.
    package func knows(_ id: ConnectionID) -> Bool { world.connections[id.number] != nil }

    /// A segment leaves a host.
    package func leaves(
        _ segment: consuming TCPSegment, of id: ConnectionID, from side: Side, at time: Int64
    ) -> [EventRecord] {
        guard let connection = world.connections[id.number], connection.outside != nil else { return [] }
        let segment = segment
        return event(at: time, host: connection.host(side).id, connection: id) {
            world.leaves(segment, on: connection, from: side)
        }
    }

    /// A kernel outside has said in which state an end is; nil where it does not know it.
    package func told(_ state: TCPState?, of id: ConnectionID, _ side: Side, at time: Int64) -> [EventRecord] {
        guard let connection = world.connections[id.number], let outside = connection.outside,
            outside[side].state != state
        else { return [] }
        return event(at: time, host: connection.host(side).id, connection: id) {
            connection.outside?.told(state, of: side)
            world.tell(outside, of: connection)
        }
    }

    /// When something was last seen of an end, in nanoseconds, and in which state it must be; nil for one that is gone.
    package func end(_ id: ConnectionID, _ side: Side) -> (state: TCPState, heard: Int64)? {
        guard let end = world.connections[id.number]?.outside?[side], let state = end.state else { return nil }
        return (state, end.heard)
    }

    /// Takes what has landed outside, in the order in which it did.
    package func takeLandings() -> [Landing] {
        defer { world.landings = [] }
        return world.landings
    }
}

extension World {
    fileprivate func openOutside(
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
        emit(
            .opened(
                id, from: from.host, fromPort: from.port, to: to.host, toPort: to.port,
                by: process.map { Opener(process: $0, attempt: Int32(opener.attempt)) }))
    }

    fileprivate func leaves(_ segment: TCPSegment, on connection: Connection, from side: Side) {
        var segment = segment
        guard let before = connection.outside else { return }
        connection.outside?.leaves(&segment, from: side, at: now)
        // A machine without power sends nothing, and neither does an end that is gone without a word.
        if connection.host(side).isOn, !connection.isMute(side) { transmit(segment, on: connection, from: side) }
        tell(before, of: connection)
    }

    /// A segment, or what the network says of one, is for a kernel outside.
    func landOutside(_ packet: borrowing InFlight, on connection: Connection) {
        let side = packet.from.other
        let isNotice = packet.notice != nil
        landings.append(
            Landing(
                from: (connection.host(packet.from).id, connection.port(packet.from)),
                to: (connection.host(side).id, connection.port(side)), segment: packet.segment, notice: packet.notice,
                isDamaged: packet.fate.contains(.damaged), due: now))
        guard !isNotice, !packet.fate.contains(.damaged), let before = connection.outside else { return }
        connection.outside?.arrives(packet.segment, at: side, now: now)
        tell(before, of: connection)
    }

    /// The ends of connections outside that a host has are gone with its power.
    func losePowerOutside(_ host: Host) {
        // In order of their numbers: a dictionary has none.
        for number in connections.keys.sorted() {
            guard let connection = connections[number], let before = connection.outside else { continue }
            for side in Side.allCases where connection.host(side) === host { connection.outside?.told(nil, of: side) }
            tell(before, of: connection)
        }
    }

    /// Says what has changed in the states of a connection's ends.
    fileprivate func tell(_ before: OutsideConnection, of connection: Connection) {
        guard let outside = connection.outside else { return }
        for side in Side.allCases where outside[side].state != before[side].state {
            emit(.tcp(connection.id, side, outside[side].state))
        }
        forgetIfDone(connection)
    }
}
