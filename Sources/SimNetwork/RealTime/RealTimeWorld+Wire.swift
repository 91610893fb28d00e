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
    package internal(set) var isDamaged: Bool
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

    /// The connection of a number as it is once time has come so far, and what happened by then: it may have been over.
    private func connection(_ id: ConnectionID, at time: Int64) -> (Connection?, before: [EventRecord]) {
        guard world.connections[id.number] != nil else { return (nil, []) }
        let before = advance(to: time)
        return (world.connections[id.number], before)
    }

    /// Whether a connection is known.
    package func knows(_ id: ConnectionID) -> Bool { world.connections[id.number] != nil }

    /// A segment leaves a host.
    package func leaves(
        _ segment: consuming TCPSegment, of id: ConnectionID, from side: Side, at time: Int64
    ) -> [EventRecord] {
        let segment = segment
        let (connection, before) = connection(id, at: time)
        guard let connection, connection.outside != nil else { return before }
        return before
            + event(at: time, host: connection.host(side).id, connection: id) {
                world.leaves(segment, on: connection, from: side)
            }
    }

    /// A kernel outside has said in which state an end is; nil where it does not know it.
    package func told(_ state: TCPState?, of id: ConnectionID, _ side: Side, at time: Int64) -> [EventRecord] {
        let (connection, before) = connection(id, at: time)
        guard let connection, let outside = connection.outside, outside[side].state != state else { return before }
        return before
            + event(at: time, host: connection.host(side).id, connection: id) {
                connection.outside?.told(state, of: side)
                world.tell(outside, of: connection)
            }
    }

    /// Breaks a connection off at some of its ends, which are told of a reset as if the other had sent it.
    package func breakOff(_ id: ConnectionID, at sides: [Side], time: Int64) -> [EventRecord] {
        let (connection, before) = connection(id, at: time)
        guard let connection, connection.outside != nil else { return before }
        return before
            + event(at: time, connection: id) {
                for side in sides { world.breakOff(connection, at: side) }
            }
    }

    /// The connections outside that have an end at a host, and which of their ends that is, in order of their numbers.
    package func ends(at host: HostID) -> [(connection: ConnectionID, side: Side)] {
        world.connections.keys.sorted().flatMap { number in
            Side.allCases.compactMap { side in
                guard let connection = world.connections[number], connection.outside?[side].state != nil,
                    connection.host(side).id == host
                else { return nil }
                return (connection.id, side)
            }
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
        hasOutside = true
        emit(
            .opened(
                id, from: from.host, fromPort: from.port, to: to.host, toPort: to.port,
                by: process.map { Opener(process: $0, attempt: Int32(opener.attempt)) }))
    }

    fileprivate func leaves(_ segment: TCPSegment, on connection: Connection, from side: Side) {
        var segment = segment
        guard let before = connection.outside else { return }
        connection.outside?.leaves(&segment, from: side, at: now)
        if connection.link == nil {
            // No way leads there, and its own kernel says so.
            landings.append(
                landing(of: .notice(mtu: 0, of: segment), saying: .networkUnreachable, at: side, of: connection))
        } else if connection.host(side).isOn, !connection.isMute(side) {
            // A machine without power sends nothing, and neither does an end that is gone without a word.
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

    fileprivate func breakOff(_ connection: Connection, at side: Side) {
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
    fileprivate func tell(_ before: OutsideConnection, of connection: Connection) {
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
