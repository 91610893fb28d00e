internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import PeerNetworking

/// What a task waits for while a channel is being made.
final class Making {
    var outcome: Result<any Channel, any Error>?
    let slot = WaitSlot()

    /// Hears of the channel. On the loop only.
    func awaits(_ channel: EventLoopFuture<any Channel>) {
        channel.assumeIsolated().whenComplete { outcome in
            self.outcome = outcome
            self.slot.wake()
        }
    }
}

extension ProcessLife {
    /// The caller's own timeouts govern; NIO's must not come before the kernel's.
    private static let connectTimeout = TimeAmount.hours(24)

    // MARK: Names

    func resolve(_ name: String) async throws(NetworkError) -> String {
        if isDead { throw NetworkError(.cancelled, during: .resolve) }
        try await failLookUp(name)
        if let directory = run.directory {
            guard let address = directory.address(of: name) else {
                throw NetworkError(.nameNotFound, during: .resolve, reason: name)
            }
            return address
        }
        let addresses = try await NameResolution.addresses(of: name, port: 0, during: .resolve, for: self)
        return addresses.first?.ipAddress ?? name
    }

    /// The real addresses of an endpoint, in the order in which they are tried.
    private func addresses(
        of remote: Endpoint, during operation: NetworkError.Operation
    ) async throws(NetworkError) -> [SocketAddress] {
        guard let directory = run.directory else {
            return try await NameResolution.addresses(
                of: remote.host, port: remote.port, during: operation, for: self)
        }
        guard let address = directory.address(of: remote.host) else {
            throw NetworkError(.nameNotFound, during: operation, remote: remote)
        }
        let port = try directory.realPort(of: remote.host, port: remote.port, during: operation)
        return [try Self.address(address, port, operation)]
    }

    static func address(
        _ text: String, _ port: UInt16, _ operation: NetworkError.Operation
    ) throws(NetworkError) -> SocketAddress {
        guard let address = try? SocketAddress(ipAddress: text, port: Int(port)) else {
            throw NetworkError(.invalidAddress, during: operation, reason: text)
        }
        return address
    }

    // MARK: Connecting

    func connect(to remote: Endpoint, fromPort port: UInt16) async throws(NetworkError) -> SocketStream {
        if isDead { throw NetworkError(.cancelled, during: .connect, remote: remote) }
        try await admit(remote)
        let connection = run.book.next()
        let isRefused = faults?.refuses(connection, to: remote) ?? false
        do throws(NetworkError) {
            if isRefused { throw try await beRefused(connection, to: remote) }
            let addresses = try await addresses(of: remote, during: .connect)
            if addresses.count > 1, port == 0 {
                return SocketStream(try await race(addresses, for: connection, to: remote))
            }
            // From a port of one's own one address after the other, and the last one's error: all at once would want the port.
            var last = NetworkError(.nameNotFound, during: .connect, remote: remote)
            for address in addresses {
                do throws(NetworkError) {
                    return SocketStream(try await open(address, for: connection, to: remote, fromPort: port))
                } catch  where error.code != .cancelled {
                    last = error
                }
            }
            throw last
        } catch {
            run.observer?.failed(connection, error.code)
            throw error
        }
    }

    func open(
        _ address: SocketAddress, for connection: ConnectionID, to remote: Endpoint, fromPort port: UInt16
    ) async throws(NetworkError) -> StreamCore {
        let core = StreamCore(
            life: self, side: .client, connection: connection, local: Endpoint(host: host, port: 0), remote: remote)
        var bootstrap = bootstrap(core)
        if let own = run.directory?.address(of: host) {
            bootstrap = bootstrap.bind(to: try Self.address(own, port, .connect))
        } else if port != 0 {
            let any = address.protocol == .inet6 ? "::" : "0.0.0.0"
            bootstrap = bootstrap.bind(to: try Self.address(any, port, .connect))
        }
        let making = Making()
        let here = bootstrap
        making.awaits(try within(.connect) { here.connect(to: address) })
        do throws(NetworkError) {
            let channel = try await made(making, .connect, local: nil, remote: remote)
            try establish(core, on: channel)
            return core
        } catch {
            // Cancelled: whether it is still connecting or has connected meanwhile.
            core.close()
            throw error
        }
    }

    /// Hands over a stream whose channel has connected.
    func establish(_ core: StreamCore, on channel: any Channel) throws(NetworkError) {
        guard core.isActive else { throw NetworkError(.connectionReset, during: .connect, remote: core.remote) }
        let own = channel.localAddress
        let ownHost = run.directory == nil ? own?.ipAddress ?? host : host
        core.local = Endpoint(host: ownHost, port: UInt16(own?.port ?? 0))
        core.establish()
    }

    private func bootstrap(_ core: StreamCore) -> ClientBootstrap {
        let confined = Confined(core, to: executor)
        return bootstrap { confined.value }
    }

    /// - Parameter makeStream: makes the stream of a channel, on the loop.
    func bootstrap(_ makeStream: @escaping @Sendable () throws -> StreamCore) -> ClientBootstrap {
        var bootstrap = ClientBootstrap(group: executor.loop)
            .connectTimeout(Self.connectTimeout)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.writeBufferWaterMark, value: waterMark)
            .channelOption(.tcpOption(.tcp_nodelay), value: options.sendsAtOnce ? 1 : 0)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let core = try makeStream()
                    try KernelOption.set(core.options.ofSockets, of: channel)
                    try channel.pipeline.syncOperations.addHandler(core)
                }
            }
        if let directory = run.directory, !directory.hasPlaces {
            // The local port is chosen with the connection, so that it need be unique only together with the other end.
            bootstrap = bootstrap.channelOption(.ipOption(.init(rawValue: IP_BIND_ADDRESS_NO_PORT)), value: 1)
        }
        return bootstrap
    }

    private var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
        .init(low: max(1, options.sendBufferBytes / 2), high: options.sendBufferBytes)
    }

    // MARK: Listening

    func listen(on local: Endpoint) async throws(NetworkError) -> SocketListener {
        if isDead { throw NetworkError(.cancelled, during: .listen, local: local) }
        if let lack = lack(for: .listen) { throw NetworkError(lack, during: .listen, local: local) }
        let core: ListenerCore
        let address: SocketAddress
        if let directory = run.directory {
            let wildcard = local.host == "0.0.0.0" || local.host == "::"
            let own = directory.address(of: host) ?? ""
            if !wildcard, directory.address(of: local.host) != own {
                throw NetworkError(.addressNotAvailable, during: .listen, local: local)
            }
            let port = try directory.realPort(of: host, port: local.port, during: .listen)
            address = try Self.address(own, port, .listen)
            core = ListenerCore(
                life: self, local: Endpoint(host: host, port: local.port), ownsPort: local.port == 0)
        } else {
            let found = try await NameResolution.addresses(of: local.host, port: local.port, during: .listen, for: self)
            address = found[0]
            core = ListenerCore(life: self, local: local, ownsPort: false)
        }
        let making = Making()
        making.awaits(try within(.listen) { bootstrap(core).bind(to: address) })
        let channel: any Channel
        do throws(NetworkError) {
            channel = try await made(making, .listen, local: local, remote: nil)
        } catch {
            core.close()
            if core.ownsPort, let port = address.port { run.directory?.release(host, port: UInt16(port)) }
            throw error
        }
        core.listens(channel)
        return SocketListener(core)
    }

    private func bootstrap(_ core: ListenerCore) -> ServerBootstrap {
        let confined = Confined(core, to: executor)
        // What is set before listening accepted connections inherit, and the window scale is agreed on with the SYN.
        return ServerBootstrap(group: executor.loop)
            .serverChannelOption(.backlog, value: Int32(clamping: options.backlog))
            .serverChannelOption(.autoRead, value: false)
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try KernelOption.set(confined.value.life.options.ofListeners, of: channel)
                    try channel.pipeline.syncOperations.addHandler(confined.value)
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: waterMark)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: options.sendsAtOnce ? 1 : 0)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(confined.value.makeStream())
                }
            }
    }

    /// Makes a socket in the network of this process's host.
    private func within(
        _ operation: NetworkError.Operation, _ body: () -> EventLoopFuture<any Channel>
    ) throws(NetworkError) -> EventLoopFuture<any Channel> {
        guard let directory = run.directory else { return body() }
        do {
            return try directory.within(host, body)
        } catch {
            throw NetworkError(.addressNotAvailable, during: operation, reason: "\(error)")
        }
    }

    // MARK: Waiting

    /// Waits for a channel. When the wait is cancelled, the channel is closed as soon as there is one.
    func made(
        _ making: Making, _ operation: NetworkError.Operation, local: Endpoint?, remote: Endpoint?
    ) async throws(NetworkError) -> any Channel {
        while true {
            if isDead || Task.isCancelled {
                if case .success(let channel)? = making.outcome { channel.close(promise: nil) }
                throw NetworkError(.cancelled, during: operation, local: local, remote: remote)
            }
            switch making.outcome {
            case .success(let channel)?: return channel
            case .failure(let error)?:
                throw NetworkError(error, during: operation, local: local, remote: remote)
            case nil: await making.slot.park(on: executor)
            }
        }
    }
}
