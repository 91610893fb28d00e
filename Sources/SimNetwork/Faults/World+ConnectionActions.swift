import PeerNetworking

// Faults of connections, and of the reads and writes on them.
extension World {
    // MARK: Connections

    func applyToConnections(_ action: Action) throws(ActionError) {
        switch action {
        case .reset(let scope):
            let ends = try connections(of: scope).flatMap { [$0.client, $0.server] }.compactMap { $0 }
                .filter { $0.tcp.state != .closed }
            guard !ends.isEmpty else { throw ActionError("there is no connection to reset") }
            count(action)
            for socket in ends {
                socket.tcp.fail(.reset)
                handle(.failed, of: socket)
            }
        case .halfClose(let scope):
            let ends = try self.ends(of: scope).filter { $0.tcp.isSynchronised && !$0.tcp.finQueued }
            guard !ends.isEmpty else { throw ActionError("there is no open connection to close half of") }
            count(action)
            for socket in ends {
                socket.tcp.shutdownWrite()
                socket.wakeWriter()
                markDirty(socket)
            }
        case .halfOpen(let scope):
            let ends = try self.ends(of: scope).filter(\.tcp.isSynchronised)
            guard !ends.isEmpty else { throw ActionError("there is no open connection to leave half open") }
            count(action)
            for socket in ends {
                // As when its machine is gone: no word to the other side, now or ever. Its own application is told.
                socket.connection.mute = socket.side
                socket.tcp.fail(.reset)
                handle(.failed, of: socket)
            }
        default:
            preconditionFailure("\(action.family) is not of connections")
        }
    }

    func connection(_ id: ConnectionID) throws(ActionError) -> Connection {
        if let connection = connections[id.number] { return connection }
        throw ActionError(id.number > connectionsMade ? "there is no \(id) yet" : "\(id) is gone")
    }

    private func connections(of scope: ConnectionScope) throws(ActionError) -> [Connection] {
        switch scope {
        case .connection(let id, _):
            let connection = try self.connection(id)
            return [connection]
        case .process: return try ends(of: scope).map(\.connection)
        }
    }

    private func ends(of scope: ConnectionScope) throws(ActionError) -> [Socket] {
        switch scope {
        case .connection(let id, let side):
            let connection = try self.connection(id)
            return [connection.socket(side ?? .client)].compactMap { $0 }
        case .process(let id):
            let process = try self.process(id)
            guard let life = process.life else { throw ActionError("\(process.name) is not running") }
            return process.host.sockets.ordered.filter { $0.life === life }
        }
    }

    // MARK: Reads and writes

    func applyToIO(_ action: Action) throws(ActionError) {
        let (scope, change): (IOScope, (IOFaults) -> Void)
        switch action {
        case .close(let of, let close): (scope, change) = (of, { $0.close = close })
        case .shortRead(let of, let short): (scope, change) = (of, { $0.shortRead = short })
        case .shortWrite(let of, let short): (scope, change) = (of, { $0.shortWrite = short })
        case .slowReader(let of, let rate):
            guard rate >= 0 else { throw ActionError("a rate is 0 or more bytes a second") }
            (scope, change) = (
                of,
                { [now] in
                    $0.readRate = rate
                    $0.nextReadAt = now
                }
            )
        default: preconditionFailure("\(action.family) is not of reads and writes")
        }
        let sockets = try self.sockets(of: scope)
        count(action)
        for target in try faults(of: scope) { change(target) }
        if case .slowReader(_, let rate) = action {
            for process in try processes(of: scope) { emit(.readRate(process.id, bytesPerSecond: rate)) }
        }
        // Those that wait for the old rate's time look again.
        for socket in sockets {
            if let timer = socket.readTimer { cancel(timer) }
            socket.reading.wake()
        }
        stand(action)
    }

    private func processes(of scope: IOScope) throws(ActionError) -> [Process] {
        switch scope {
        case .process(let id): return [try process(id)]
        case .host(let id): return try host(id).processes
        case .connection: return []
        }
    }

    private func sockets(of scope: IOScope) throws(ActionError) -> [Socket] {
        if case .connection(let id) = scope {
            let connection = try self.connection(id)
            return [connection.client, connection.server].compactMap { $0 }
        }
        var sockets: [Socket] = []
        for process in try processes(of: scope) {
            sockets += process.host.sockets.ordered.filter { $0.life != nil && $0.life === process.life }
        }
        return sockets
    }

    /// Where the faults of a scope are kept: with each process, or with the connection.
    private func faults(of scope: IOScope) throws(ActionError) -> [IOFaults] {
        guard case .connection(let id) = scope, let connection = connections[id.number] else {
            return try processes(of: scope).map(\.io)
        }
        let faults = connection.io ?? IOFaults()
        connection.io = faults
        return [faults]
    }
}
