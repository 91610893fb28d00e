import NIOCore
import PeerNetworking
import TCP

extension World {
    // MARK: Sending

    @inline(__always)
    func markDirty(_ socket: Socket) {
        if socket.isDirty { return }
        socket.isDirty = true
        if socket.isDetached { detached.append(socket) }
        dirty.append(.passUnretained(socket))
    }

    /// Sends all that the sockets touched in this event have to send, and records what became of them.
    @inline(__always)
    func flush() {
        var index = 0
        while index < dirty.count {
            let socket = dirty[index]
            index += 1
            socket._withUnsafeGuaranteedRef { flush($0) }
        }
        if index == 1 { dirty.removeLast() } else { dirty.removeAll(keepingCapacity: true) }
        if !detached.isEmpty { detached = [] }
    }

    @inline(__always)
    private func flush(_ socket: Socket) {
        socket.isDirty = false
        // The socket holds its connection: it is not counted here.
        Unmanaged.passUnretained(socket.connection)._withUnsafeGuaranteedRef { connection in
            while !socket.tcp.isSilent, let segment = socket.tcp.nextSegment(at: now) {
                transmit(segment, on: connection, from: socket.side)
            }
            if connection.holds(socket) { recordState(of: socket, on: connection) }
        }
        if socket.tcp.state == .closed { detach(socket) }
    }

    @inline(__always)
    private func recordState(of socket: Socket, on connection: Connection) {
        let state = socket.tcp.state
        if state != socket.recordedState, state != .closed {
            socket.recordedState = state
            if state == .timeWait, socket.side == .server { socket.host.timeWaits[connection.tuple] = socket }
            emit(.tcp(connection.id, socket.side, state))
        }
        let levels = socket.levels
        var change = EndChange(levels, since: socket.recordedLevels)
        if !change.fields.isEmpty {
            socket.host.bufferedBytes += Int64(levels.sendQueued) + Int64(levels.received)
            socket.host.bufferedBytes -= Int64(socket.recordedLevels.sendQueued) + Int64(socket.recordedLevels.received)
            socket.recordedLevels = levels
        }
        if state != .closed, socket.tcp.timers != socket.recordedTimers || socket.timer == nil {
            takeUpTimers(of: socket, into: &change)
        }
        if !change.fields.isEmpty {
            // Read here: a closure would count the objects that it reads them of.
            let (id, side) = (connection.id, socket.side)
            emitOften(.end(id, side, change))
        }
        if checksInvariants { checkInvariants(of: socket) }
    }

    // MARK: Receiving

    /// A segment has come to the host of an end. It is `inout` so that it is not copied, and stays what it is.
    @inline(__always)
    func arrive(_ inFlight: inout InFlight, on connection: Connection) {
        let side = inFlight.from.other
        if connection.isOutside {
            emit(.arrived(inFlight.number))
            return landOutside(inFlight, on: connection)
        }
        if let socket = connection.reference(side) {
            // Its connection holds it: nothing of an arrival takes it off.
            socket._withUnsafeGuaranteedRef { arrive(&inFlight, at: $0, on: connection) }
        } else if side == .server, inFlight.segment.isFirst {
            arriveSyn(inFlight, on: connection)
        } else {
            emit(.arrived(inFlight.number))
            if !inFlight.segment.flags.contains(.rst) {
                transmit(inFlight.segment.resetInAnswer, on: connection, from: side)
            }
        }
        forgetIfDone(connection)
    }

    @inline(__always)
    private func arrive(_ inFlight: inout InFlight, at socket: Socket, on connection: Connection) {
        if let listener = socket.listener, socket.tcp.state == .synReceived, listener.isFull,
            inFlight.segment.flags.isDisjoint(with: [.syn, .rst])
        {
            return overflow(inFlight, at: socket, of: listener)
        }
        emitOften(.arrived(inFlight.number))
        let outcome = socket.tcp.receive(inFlight.segment, at: now)
        foreseeConnection()
        if !outcome.isDisjoint(with: .answered) {
            if outcome.contains(.reset) { leaveBacklog(socket) }
            transmit(inFlight.segment.resetInAnswer, on: connection, from: socket.side)
        }
        handle(outcome, of: socket)
    }

    /// The last segment of a handshake has come, and the accept queue has no room for its connection.
    private func overflow(_ inFlight: borrowing InFlight, at socket: Socket, of listener: ListeningSocket) {
        guard listener.host.sharedTCP.options.abortsOnOverflow, !socket.tcp.isCookie else {
            // Linux does not hear it: the client believes in a connection, and the SYN-ACK goes again (`tcp_check_req`).
            return emit(.lost(inFlight.number, .backlogFull))
        }
        emit(.arrived(inFlight.number))
        leaveBacklog(socket)
        resetSocket(socket)
        transmit(inFlight.segment.resetInAnswer, on: socket.connection, from: socket.side)
    }

    private func arriveSyn(_ inFlight: borrowing InFlight, on connection: Connection) {
        guard let listener = connection.host(.server).listeners[connection.serverPort] else {
            emit(.arrived(inFlight.number))
            transmit(inFlight.segment.resetInAnswer, on: connection, from: .server)
            return
        }
        let host = listener.host
        // The port is one that a connection in TIME-WAIT had before: it gives way (RFC 9293, 3.10.7.4; `tcp_timewait_state_process`).
        if let before = host.timeWaits.removeValue(forKey: connection.tuple) {
            before.tcp.abort()
            markDirty(before)
        }
        // Linux drops the SYN when the accept queue is full, or that of handshakes is and there are no cookies (`tcp_conn_request`);
        // the client tries again.
        let cookies = host.sharedTCP.options.synCookies
        let isCookie = cookies == .always || (listener.hasNoRoomForHandshakes && cookies == .whereFull)
        guard !listener.isFull, isCookie || !listener.hasNoRoomForHandshakes else {
            emit(.lost(inFlight.number, .backlogFull))
            return
        }
        emit(.arrived(inFlight.number))
        if !isCookie { listener.handshakes += 1 }
        let socket = Socket(connection: connection, side: .server, holdsPort: false, seed: seed, at: now)
        socket.wait(in: listener)
        socket.tcp.accept(syn: inFlight.segment, isCookie: isCookie, at: now)
        connection.server = socket
        host.sockets.append(socket)
        markDirty(socket)
    }

    func recordBacklog(of listener: ListeningSocket) {
        emit(.backlog(listener.host.id, port: listener.port, waiting: Int32(listener.completed.count)))
    }

    /// Tells the tasks that wait on a socket what has happened to it.
    @inline(__always)
    func handle(_ outcome: TCPEndpoint.Arrival, of socket: Socket) {
        if let failure = socket.tcp.failure, outcome == .failed {
            emit(.failed(socket.connection.id, socket.side, failure.code))
            leaveBacklog(socket)
        }
        if outcome.contains(.opened) {
            if socket.listener != nil, socket.tcp.failure == nil { completeHandshake(of: socket) }
            socket.wakeReader()
        }
        if outcome.contains(.readable) { socket.wakeReader() }
        if outcome.contains(.writable) { socket.wakeWriter() }
        markDirty(socket)
    }

    private func completeHandshake(of socket: Socket) {
        guard let listener = socket.listener else { return }
        if !socket.tcp.isCookie { listener.handshakes -= 1 }
        listener.completed.append(socket)
        recordBacklog(of: listener)
        listener.accepting.wake()
    }

    private func leaveBacklog(_ socket: Socket) {
        guard let listener = socket.listener else { return }
        socket.leaveListener()
        if let index = listener.completed.firstIndex(where: { $0 === socket }) {
            listener.completed.remove(at: index)
            recordBacklog(of: listener)
        } else if !socket.tcp.isCookie {
            listener.handshakes -= 1
        }
    }

    // MARK: Ends

    /// Takes a closed socket off its connection.
    func detach(_ socket: Socket) {
        let connection = socket.connection
        guard connection.socket(socket.side) === socket else { return }
        socket.isDetached = true
        detached.append(socket)
        if socket.side == .client { connection.client = nil } else { connection.server = nil }
        if let wakeUp = socket.wakeUp { timers.remove(wakeUp.id) }
        socket.wakeUp = nil
        socket.endTimer()
        socket.wakeReaderNoMore(in: self)
        socket.host.sockets.remove(socket)
        if socket.recordedState == .timeWait, socket.side == .server, socket.host.timeWaits[connection.tuple] === socket
        {
            socket.host.timeWaits[connection.tuple] = nil
        }
        socket.host.bufferedBytes -= Int64(socket.recordedLevels.sendQueued) + Int64(socket.recordedLevels.received)
        if socket.holdsPort {
            let (local, remote) = (connection.port(socket.side), connection.port(socket.side.other))
            let place = PortTable.Remote(host: connection.host(socket.side.other).id.index, port: remote)
            socket.host.ports.release(local, to: place)
        }
        emit(.tcp(connection.id, socket.side, nil))
        forgetIfDone(connection)
    }

    func forgetIfDone(_ connection: Connection) {
        // The removal may free the connection: its number is read before.
        let id = connection.id
        guard connection.client == nil, connection.server == nil, connection.segmentsInFlight == 0,
            connection.outside?.isOver ?? true, connections[id.number] != nil
        else { return }
        connections[id.number] = nil
        if !connection.path.isEmpty { forgetAtRouters(connection) }
        emit(.forgotten(id))
    }

    /// Closes a socket as its kernel does when the application closes it or its process ends.
    func closeSocket(_ socket: Socket) {
        guard !socket.isClosedHere else { return }
        socket.isClosedHere = true
        socket.letGo()
        if socket.tcp.close(at: now) {
            transmit(socket.tcp.reset(at: now), on: socket.connection, from: socket.side)
        }
        wakeAll(of: socket)
        markDirty(socket)
    }

    /// Ends a socket at once; the other side gets a reset.
    func resetSocket(_ socket: Socket) {
        guard socket.tcp.state != .closed else { return }
        let reset = socket.tcp.isSynchronised ? socket.tcp.reset(at: now) : nil
        socket.tcp.abort()
        if let reset { transmit(reset, on: socket.connection, from: socket.side) }
        wakeAll(of: socket)
        markDirty(socket)
    }

    func wakeAll(of socket: Socket) {
        socket.wakeWriter()
        socket.wakeReader()
    }

    func closeListener(_ listener: ListeningSocket) {
        guard !listener.isClosed else { return }
        listener.isClosed = true
        listener.life.closeDescriptor()
        listener.host.listeners[listener.port] = nil
        emit(.listening(listener.host.id, port: listener.port, false))
        // Linux resets what waits in the backlog of a listener that is closed.
        for socket in listener.host.sockets.ordered where socket.listener === listener {
            socket.leaveListener()
            socket.isClosedHere = true
            resetSocket(socket)
        }
        listener.completed = []
        listener.accepting.wake()
    }
}
