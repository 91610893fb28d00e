package import PeerNetworking
package import TCP

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
        guard let connection, connection.isOutside else { return before }
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
        guard let connection, connection.isOutside else { return before }
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
