import NIOCore
import PeerNetworking
import TCP

// What must hold, checked after every event: of what the event has touched, so that a large world costs no more.
extension World {
    /// Ends the run with an error: what it shows from here on could not be trusted.
    func violate(_ invariant: Invariant, _ detail: @autoclosure () -> String) {
        guard !hasFailed else { return }
        failure = .invariantBroken(InvariantViolation(invariant: invariant, event: eventNumber, detail: detail()))
    }

    // MARK: Streams

    /// Notes what an application has written.
    @inline(__always)
    func audit(written bytes: ByteBuffer, by socket: Socket) {
        socket.connection.audit?[socket.side].wrote(bytes)
    }

    /// Checks what an application was given.
    @inline(__always)
    func audit(read bytes: ByteBuffer, by socket: Socket) {
        guard let audit = socket.connection.audit, socket.connection.isOfOneLife else { return }
        if !audit[socket.side.other].gave(bytes) {
            violate(.prefix, "\(socket.connection.name), read by the \(socket.side)")
        }
    }

    // MARK: Sockets

    /// Checks a socket that the event has touched, and the direction in which it sends.
    func checkInvariants(of socket: Socket) {
        let tcp = socket.tcp
        let name = { "\(socket.connection.name), \(socket.side)" }
        // A long scoreboard is gone through now and then: with each event that would be most of the work.
        let isInTurn = tcp.segmentsSent <= 64 || eventNumber.isMultiple(of: tcp.segmentsSent)
        if let problem = tcp.problemOfNumbers ?? (isInTurn ? tcp.problemOfScoreboard : nil) {
            violate(.sequence, "\(name()): \(problem)")
        }
        if tcp.sender.buffer.count > Int(tcp.sender.room) {
            violate(.queueBounds, "\(name()): send buffer")
        }
        if tcp.receiver.buffer.count > tcp.receiver.mostHeld {
            violate(.queueBounds, "\(name()): receive buffer")
        }
        if tcp.receiver.isOverrun { violate(.flowControl, "\(name()): data beyond the advertised window") }
        if let listener = socket.listener, listener.completed.count > listener.backlog + 1 {
            violate(.queueBounds, "\(name()): backlog of port \(listener.port)")
        }
        if let audit = socket.connection.audit, socket.connection.isOfOneLife {
            checkConservation(from: socket.connection.client, to: socket.connection.server, audit[.client], name)
            checkConservation(from: socket.connection.server, to: socket.connection.client, audit[.server], name)
        }
        checkRegistry(socket.connection)
    }

    private func checkConservation(
        from sender: Socket?, to receiver: Socket?, _ audit: StreamAudit, _ name: () -> String
    ) {
        // What a failed end held is lost with it.
        let sending = sender.flatMap { $0.tcp.state == .closed ? nil : $0.tcp }
        let receiving = receiver.flatMap { $0.tcp.state == .closed ? nil : $0.tcp }
        if let sending, audit.written != sending.sender.buffer.end - 1 {
            violate(.conservation, "\(name()): \(audit.written) written, \(sending.sender.buffer.end - 1) taken")
        }
        guard let receiving else { return }
        let received = receiving.receiver.buffer.next - 1 - (receiving.receiver.isAtEnd ? 1 : 0)
        if audit.read + Int64(receiving.receiver.buffer.count) != received {
            violate(
                .conservation,
                "\(name()): \(received) received, \(audit.read) read, \(receiving.receiver.buffer.count) unread")
        }
        guard let sending, sending.isSynchronised else { return }
        if receiving.receiver.buffer.next > sending.sender.next {
            violate(.sequence, "\(name()): received \(receiving.receiver.buffer.next), sent \(sending.sender.next)")
        }
        if sending.sender.unacknowledged > receiving.receiver.buffer.next {
            violate(
                .sequence,
                "\(name()): acknowledged \(sending.sender.unacknowledged), received \(receiving.receiver.buffer.next)"
            )
        }
        if sending.sender.buffer.start > received + 1 {
            violate(.conservation, "\(name()): bytes \(received)…\(sending.sender.buffer.start) are nowhere")
        }
    }

    private func checkRegistry(_ connection: Connection) {
        let isOver = connection.client == nil && connection.server == nil && connection.segmentsInFlight == 0
        if isOver, connections[connection.id.number] != nil {
            violate(.registry, "\(connection.name) is over and still known")
        }
        if connection.segmentsInFlight < 0 { violate(.registry, "\(connection.name): less than nothing in flight") }
    }

    // MARK: Links

    /// Checks a segment that has come to the end of a link.
    func checkArrival(of packet: InFlight, on connection: Connection) {
        if let hop = connection.hop(Int(packet.hop), from: packet.from) {
            let lane = hop.link[hop.direction]
            if lane.isCut || UInt16(truncatingIfNeeded: lane.cuts) != packet.cuts {
                violate(.cut, "segment \(packet.number) of \(connection.name) over \(topology.name(of: hop.link.id))")
            }
        }
        if packet.notice == nil, isPartitioned(connection.host(packet.from), from: connection.host(packet.from.other)) {
            violate(.cut, "segment \(packet.number) of \(connection.name) across a partition")
        }
    }

    /// Checks the queue before a line after a segment has joined it.
    func checkQueue(_ bytes: Int64, of segment: Int64, on lane: Link.Lane) {
        if bytes > max(lane.properties.queue, segment) {
            violate(.queueBounds, "\(bytes) bytes before a line whose queue holds \(lane.properties.queue)")
        }
    }
}
