package import PeerNetworking

// What the world decides about calls that are made outside. An answer comes with the records that it made; there are none
// where nothing is done to such calls.

/// What a call that opens a socket is for.
package enum SocketUse: Hashable, Sendable {
    /// To connect to a host.
    case connecting(to: String, port: UInt16)
    /// To listen.
    case listening
    /// To accept a connection that waits.
    case accepting
}

/// What a read or write may do.
package enum CallShare: Hashable, Sendable {
    /// As much as it can.
    case whole
    /// So many bytes at most.
    case most(Int)
    /// Nothing for so many nanoseconds.
    case nothing(nanoseconds: Int64)
}

extension RealTimeWorld {
    /// An answer, and the records that it made.
    package typealias Decided<Answer> = (answer: Answer, records: [EventRecord])

    // MARK: Names and sockets

    /// A process looks a host's name up.
    ///
    /// - Returns: how that fails; nil where it does not.
    package func lookUp(_ name: String, by process: ProcessID, at time: Int64) -> Decided<NameFailure?> {
        guard let host = world.host(named: name), world.mayFail(lookingUp: host), let asking = known(process)?.host
        else { return (nil, []) }
        return decide(at: time, host: asking.id, process: process) { world in
            world.drawFailure(lookingUp: host, by: asking)
        }
    }

    /// Whether a process may have one socket more.
    ///
    /// - Parameter open: how many sockets the processes of its host have open.
    /// - Returns: what keeps it from that; nil where nothing does.
    package func lack(
        for use: SocketUse, of process: ProcessID, open: Int, at time: Int64
    ) -> Decided<NetworkError.Code?> {
        guard let host = known(process)?.host else { return (nil, []) }
        host.openSockets = Int32(clamping: open)
        guard host.lacksSockets else { return (nil, []) }
        if use == .listening { return (.tooManyOpenFiles, []) }
        return decide(at: time, host: host.id, process: process) { world in
            world.emit(.struck(.exhaust, host.id))
            if case .connecting(_, let port) = use {
                let reason = host.text(ofLack: .tooManyOpenFiles)
                world.emit(.unasked(process, port: port, .tooManyOpenFiles, reason: reason))
            }
            return .tooManyOpenFiles
        }
    }

    /// An attempt to connect has come to nothing before anything was sent.
    package func unasked(
        _ process: ProcessID, port: UInt16, _ code: NetworkError.Code, reason: String, at time: Int64
    ) -> [EventRecord] {
        decide(at: time, process: process) { world in
            world.emit(.unasked(process, port: port, code, reason: reason))
        }
        .records
    }

    // MARK: Connections

    /// A process is about to ask for a connection: from now on it has its stable name here, and draws are made for it.
    package func opens(_ id: ConnectionID, by process: ProcessID, to name: String, port: UInt16) {
        guard let target = world.host(named: name), let process = known(process) else { return }
        let attempt = world.attempt(by: process, from: process.host, at: target, port: port)
        world.connections[id.number] = Connection(
            id: id, client: process.host, server: target, clientPort: 0, serverPort: port, path: [],
            opener: (process, attempt))
        world.connectionsMade = max(world.connectionsMade, id.number)
    }

    /// Who has asked for a connection, and for which time; nil for one that is not known.
    package func opener(of id: ConnectionID) -> Opener? {
        guard let opener = world.connections[id.number]?.opener, let process = opener.process else { return nil }
        return Opener(process: process.id, attempt: Int32(opener.attempt))
    }

    /// Decides whether a connection that is asked for is refused.
    package func refuses(_ id: ConnectionID, at time: Int64) -> Decided<Bool> {
        guard let connection = world.connections[id.number] else { return (false, []) }
        let host = connection.host(.server)
        guard !host.services.isEmpty || !world.overrides.isEmpty else { return (false, []) }
        return decide(at: time, host: host.id, connection: id) { world in
            world.decideFate(of: connection, at: host)
            guard case .refused? = connection.fate else { return false }
            world.emit(.struck(.refuse, host.id))
            return true
        }
    }

    /// Whether a listener's backlog is to be full.
    package func isBacklogFull(ofPort port: UInt16, at process: ProcessID) -> Bool {
        guard let host = known(process)?.host else { return false }
        return host.services.contains { $0.isFull && ($0.port == nil || $0.port == port) }
    }

    /// A connection that no wire sees is gone, or has come to nothing.
    package func forget(_ id: ConnectionID) {
        dueCloses.forget(id)
        if let connection = world.connections[id.number], connection.outside == nil {
            world.connections[id.number] = nil
        }
    }

    // MARK: Reads and writes

    /// Whether something is done to calls of a process on a connection: who asks first spares the others the rest.
    package func concernsCalls(on id: ConnectionID, of process: ProcessID) -> Bool {
        faults(on: id, of: process) != nil
    }

    /// Draws whether a connection is closed under a call.
    ///
    /// - Returns: how; nil where it is not.
    package func close(
        under id: ConnectionID, _ side: Side, of process: ProcessID, at time: Int64
    ) -> Decided<RandomClose?> {
        guard let (end, io) = caller(on: id, side, of: process),
            io.close != nil || dueCloses[id, side] != nil || world.overrides.concernIO
        else { return (nil, []) }
        return decide(at: time, connection: id, process: process) { world in
            io.close(under: end, due: &dueCloses[id, side], in: world)
        }
    }

    /// Decides how much a read takes of so many bytes.
    package func share(
        ofRead bytes: Int, on id: ConnectionID, _ side: Side, of process: ProcessID, at time: Int64
    ) -> Decided<CallShare> {
        guard let (end, io) = caller(on: id, side, of: process) else { return (.whole, []) }
        guard io.readRate > 0 else {
            guard io.shortRead != nil || world.overrides.concernIO else { return (.whole, []) }
            return decide(at: time, connection: id, process: process) { world in
                io.shortenedRead(bytes, of: end, in: world).map { .most($0) } ?? .whole
            }
        }
        guard time >= io.nextReadAt else { return (.nothing(nanoseconds: io.nextReadAt - time), []) }
        return decide(at: time, connection: id, process: process) { world in
            let most = min(bytes, io.share)
            let taken = io.shortenedRead(most, of: end, in: world) ?? most
            io.pay(for: taken, of: end, in: world)
            return .most(taken)
        }
    }

    /// Decides how much a write takes of so many bytes.
    package func share(
        ofWrite bytes: Int, on id: ConnectionID, _ side: Side, of process: ProcessID, at time: Int64
    ) -> Decided<CallShare> {
        guard let (end, io) = caller(on: id, side, of: process), io.shortWrite != nil || world.overrides.concernIO
        else { return (.whole, []) }
        return decide(at: time, connection: id, process: process) { world in
            io.shortenedWrite(bytes, of: end, in: world).map { .most($0) } ?? .whole
        }
    }

    private func faults(on id: ConnectionID, of process: ProcessID) -> IOFaults? {
        if let io = world.connections[id.number]?.io, !io.isNeutral { return io }
        if let io = known(process)?.io, !io.isNeutral { return io }
        return world.overrides.concernIO ? IOFaults.neutral : nil
    }

    private func caller(on id: ConnectionID, _ side: Side, of process: ProcessID) -> (CallingEnd, IOFaults)? {
        guard let io = faults(on: id, of: process), let connection = world.connections[id.number] else { return nil }
        return (CallingEnd(connection: connection, side: side, key: CallingEnd.key(connection, side)), io)
    }

    /// A process; nil once the run is over.
    private func known(_ id: ProcessID) -> Process? {
        world.processes.indices.contains(Int(id.index)) ? world.processes[Int(id.index)] : nil
    }

    // MARK: Peers

    /// Whether a buggify site fires for what a peer of a process has named.
    package func fires(
        _ site: BuggifySite, for subject: String, of process: ProcessID, at time: Int64
    ) -> Decided<Bool> {
        guard world.firing(of: site) != nil else { return (false, []) }
        return decide(at: time, process: process) { $0.buggifyFires(site, for: subject) }
    }
}

/// What draws have left for the next calls on connections.
struct DueCloses {
    private struct End: Hashable {
        let connection: ConnectionID
        let side: Side
    }

    /// Looked up, never iterated over.
    private var closes: [End: RandomClose] = [:]

    subscript(connection: ConnectionID, side: Side) -> RandomClose? {
        get { closes[End(connection: connection, side: side)] }
        set { closes[End(connection: connection, side: side)] = newValue }
    }

    mutating func forget(_ connection: ConnectionID) {
        for side in Side.allCases { self[connection, side] = nil }
    }
}
