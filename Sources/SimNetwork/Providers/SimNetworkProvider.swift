public import PeerNetworking

/// The network of a simulated process.
public struct SimNetworkProvider: NetworkProvider {
    let world: Confined<World>
    let life: Confined<ProcessLife>

    /// Opens a connection through the simulated network, as `connect(2)` does.
    ///
    /// - Throws: `nameNotFound`, `networkUnreachable` (no link), `addressNotAvailable` (no ephemeral port is left),
    ///   `connectionRefused`, `timedOut` (after 127 s with the default of 6 repeated SYNs), `connectionReset` or
    ///   `cancelled`.
    public func connect(to remote: Endpoint) async throws(NetworkError) -> SimStream {
        let world = world.value
        let life = life.value
        func failure(_ code: NetworkError.Code, _ reason: String = "") -> NetworkError {
            NetworkError(code, during: .connect, remote: remote, reason: reason)
        }
        guard !life.isDead, !Task.isCancelled else { throw failure(.cancelled) }
        guard let target = world.host(named: remote.host) else { throw failure(.nameNotFound) }
        guard remote.port != 0 else { throw failure(.connectionRefused, "nobody can listen on port 0") }
        let source = life.process.host
        let route = world.link(from: source, to: target)
        guard route != nil || source === target else {
            throw failure(.networkUnreachable, "no link from \(source.name) to \(target.name)")
        }
        guard let port = source.takeEphemeralPort() else {
            throw failure(.addressNotAvailable, "no ephemeral port is left")
        }
        let socket = world.open(from: source, port: port, to: target, port: remote.port, route: route, life: life)
        while socket.tcp.state == .synSent {
            await socket.connecting.park(world.ready)
            guard !life.isDead, !Task.isCancelled else {
                if !life.isDead { world.closeSocket(socket) }
                throw failure(.cancelled)
            }
        }
        if let failed = socket.tcp.failure {
            throw failure(failed.code)
        }
        return SimStream(socket: Confined(socket))
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
        guard !life.isDead, !Task.isCancelled else { throw failure(.cancelled) }
        let host = life.process.host
        guard local.host == host.name || local.host == "0.0.0.0" || local.host == "::" else {
            throw failure(.addressNotAvailable)
        }
        var port = local.port
        if port == 0 {
            guard let free = host.takeEphemeralPort() else { throw failure(.addressInUse) }
            host.portsInUse.remove(free)
            port = free
        }
        guard host.listeners[port] == nil else { throw failure(.addressInUse) }
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
        return host.name
    }
}

extension World {
    /// Makes a connection and its client end, which sends a SYN at the end of this event.
    func open(
        from source: Host, port: UInt16, to target: Host, port remotePort: UInt16,
        route: (link: Link, direction: LinkDirection)?, life: ProcessLife
    ) -> Socket {
        connectionsMade += 1
        let connection = Connection(
            id: ConnectionID(connectionsMade), client: source, server: target, clientPort: port,
            serverPort: remotePort, link: route?.link, direction: route?.direction ?? .forward)
        connections[connectionsMade] = connection
        emit(.opened(connection.id, from: source.id, fromPort: port, to: target.id, toPort: remotePort))
        let socket = Socket(connection: connection, side: .client, holdsPort: true, world: self)
        socket.life = life
        socket.owner = life
        connection.client = socket
        source.sockets.append(socket)
        socket.tcp.connect()
        markDirty(socket)
        return socket
    }
}
