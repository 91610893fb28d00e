public import PeerNetworking
import TCP

/// The network of a simulated process.
public struct SimNetworkProvider: NetworkProvider {
    let world: Confined<World>
    let life: Confined<ProcessLife>

    /// Opens a connection through the simulated network, as `connect(2)` does.
    ///
    /// - Throws: `nameNotFound`, `networkUnreachable` (no link), `addressNotAvailable` (no ephemeral port is left),
    ///   `connectionRefused`, `hostUnreachable`, `timedOut` (after 131 s, with Linux's ten repeated SYNs),
    ///   `connectionReset`, `tooManyOpenFiles`, `noBufferSpace`, `addressInUse` (the local port is taken) or `cancelled`.
    public func connect(to remote: Endpoint, fromPort: UInt16) async throws(NetworkError) -> SimStream {
        let world = world.value
        let life = life.value
        let target = try target(remote)
        if world.mayFail(lookingUp: target), let failed = await world.resolve(target, for: life) {
            throw refusal(failed.code, to: remote, failed.reason)
        }
        let socket = try ask(target, for: remote, from: fromPort)
        while socket.tcp.state == .synSent || socket.tcp.state == .synReceived {
            await socket.connecting.park(world.ready)
            guard !life.endsRunningTask else {
                if !life.isDead { world.closeSocket(socket) }
                throw failure(.cancelled, to: remote)
            }
        }
        socket.endConnecting()
        if let failed = socket.tcp.failure {
            socket.letGo()
            throw failure(failed.code, to: remote)
        }
        return SimStream(of: socket, in: world)
    }

    // What does not wait is not inlined: a task keeps the largest frame that it has ever needed, for as long as it lives.

    @inline(never)
    private func failure(_ code: NetworkError.Code, to remote: Endpoint, _ reason: String = "") -> NetworkError {
        NetworkError(code, during: .connect, remote: remote, reason: reason)
    }

    /// An attempt that comes to nothing before anything is sent: no connection will tell of it.
    @inline(never)
    private func refusal(_ code: NetworkError.Code, to remote: Endpoint, _ reason: String = "") -> NetworkError {
        let process = life.value.process
        if code != .cancelled, !life.value.isDead {
            world.value.emit(
                .unasked(process.id, port: remote.port, code, reason: reason.isEmpty ? remote.host : reason))
        }
        return failure(code, to: remote, reason)
    }

    @inline(never)
    private func target(_ remote: Endpoint) throws(NetworkError) -> Host {
        guard !life.value.endsRunningTask else { throw refusal(.cancelled, to: remote) }
        guard let target = world.value.host(named: remote.host) else {
            throw refusal(.nameNotFound, to: remote, "no host '\(remote.host)'")
        }
        return target
    }

    /// Makes a connection and its client end, whose SYN is on its way then.
    @inline(never)
    private func ask(_ target: Host, for remote: Endpoint, from fromPort: UInt16) throws(NetworkError) -> Socket {
        let world = world.value
        let life = life.value
        guard remote.port != 0 else { throw refusal(.connectionRefused, to: remote, "nobody can listen on port 0") }
        let source = life.process.host
        guard let path = world.path(from: source, to: target) else {
            throw refusal(.networkUnreachable, to: remote, "no path from \(source.name) to \(target.name)")
        }
        if let lack = source.lack {
            world.emit(.struck(.exhaust, source.id))
            throw refusal(lack, to: remote, source.text(ofLack: lack))
        }
        if fromPort != 0, !source.isFree(fromPort) {
            throw refusal(.addressInUse, to: remote, "port \(fromPort) is taken")
        }
        let place = PortTable.Remote(host: target.id.index, port: remote.port)
        var free = fromPort != 0 ? fromPort : source.ephemeralPort(to: place)
        if free == nil, let old = source.reusableTimeWait(to: place, at: world.now) {
            free = old.connection.port(old.side)
            old.tcp.abort()
            world.detach(old)
        }
        guard let port = free else {
            world.emit(.struck(.exhaust, source.id))
            throw refusal(.addressNotAvailable, to: remote, "no ephemeral port is left")
        }
        source.ports.take(port, to: place, isChosen: fromPort != 0)
        return world.open(from: source, port: port, to: target, port: remote.port, path: path, life: life)
    }

    /// Listens on a port of this process's host, as `bind(2)` and `listen(2)` do.
    ///
    /// - Throws: `addressInUse`, `addressNotAvailable` (the host is another one's) or `cancelled`.
    public func listen(on local: Endpoint) async throws(NetworkError) -> SimListener {
        let world = world.value
        let life = life.value
        func failure(_ code: NetworkError.Code) -> NetworkError {
            NetworkError(code, during: .listen, local: local)
        }
        guard !life.endsRunningTask else { throw failure(.cancelled) }
        let host = life.process.host
        guard local.host == host.name || local.host == "0.0.0.0" || local.host == "::" else {
            throw failure(.addressNotAvailable)
        }
        var port = local.port
        if port == 0 {
            guard let free = host.ephemeralPort(to: nil) else { throw failure(.addressInUse) }
            port = free
        }
        guard host.mayListen(on: port) else { throw failure(.addressInUse) }
        if host.lacksSockets { throw failure(.tooManyOpenFiles) }
        life.openDescriptor()
        let listener = ListeningSocket(host: host, port: port, life: life)
        host.listeners[port] = listener
        life.listeners.append(listener)
        world.emit(.listening(host.id, port: port, true))
        return SimListener(world: self.world, listener: Confined(listener), life: self.life)
    }

    /// A simulated host's name is its address.
    ///
    /// - Throws: `nameNotFound` when the topology has no such host.
    public func resolve(_ name: String) async throws(NetworkError) -> String {
        guard let host = world.value.host(named: name) else {
            throw NetworkError(.nameNotFound, during: .resolve, reason: "no host '\(name)'")
        }
        if world.value.mayFail(lookingUp: host), let failed = await world.value.resolve(host, for: life.value) {
            throw failed
        }
        return host.name
    }
}

extension World {
    /// Makes a connection and its client end, which sends a SYN at the end of this event.
    func open(
        from source: Host, port: UInt16, to target: Host, port remotePort: UInt16,
        path: [Hop], life: ProcessLife
    ) -> Socket {
        if let other = crossing(from: source, port: port, to: target, port: remotePort) {
            // Each has asked for the other: both SYNs are of one connection.
            return begin(other, .server, life)
        }
        connectionsMade += 1
        let connection = Connection(
            id: ConnectionID(connectionsMade), client: source, server: target, clientPort: port,
            serverPort: remotePort, path: path,
            opener: (life.process, attempt(by: life.process, from: source, at: target, port: remotePort)))
        if checksInvariants { connection.audit = ConnectionAudit() }
        connections[connectionsMade] = connection
        let opener = Opener(process: life.process.id, attempt: Int32(connection.opener.attempt))
        emit(
            .opened(
                connection.id, from: source.id, fromPort: port, to: target.id, toPort: remotePort, by: opener))
        return begin(connection, .client, life)
    }

    /// Which of a process's attempts at a port the next one is; of a host's where the process is not known.
    func attempt(by process: Process?, from source: Host, at target: Host, port: UInt16) -> UInt32 {
        let place = UInt64(UInt32(bitPattern: target.id.index)) << 16 | UInt64(port)
        let site = process?.key ?? Draw.stableHash(source.name)
        return UInt32(truncatingIfNeeded: attempts.increment(Draw.scope(site: site, subject: place)))
    }

    /// The connection that the target is asking this very port for, from the very port that is asked for (RFC 9293, 3.5:
    /// simultaneous open).
    private func crossing(from source: Host, port: UInt16, to target: Host, port remotePort: UInt16) -> Connection? {
        guard target.ports.isInUse(remotePort) else { return nil }
        return target.sockets.ordered.first { socket in
            let connection = socket.connection
            return socket.side == .client && socket.tcp.state == .synSent && connection.server == nil
                && connection.host(.server) === source && connection.serverPort == port
                && connection.clientPort == remotePort
        }?.connection
    }

    private func begin(_ connection: Connection, _ side: Side, _ life: ProcessLife) -> Socket {
        let socket = Socket(connection: connection, side: side, holdsPort: true, seed: seed, at: now)
        socket.open(in: life)
        if side == .client { connection.client = socket } else { connection.server = socket }
        socket.host.sockets.append(socket)
        socket.tcp.connect()
        markDirty(socket)
        return socket
    }
}
