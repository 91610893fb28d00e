internal import DequeModule
internal import NIOCore
internal import NIOPosix
internal import PeerNetworking

/// A listening socket between its channel and the task that accepts. On the loop only.
///
/// It takes a connection from the kernel only when a task asks for one: the backlog is the kernel's, with its limit.
final class ListenerCore: ChannelInboundHandler {
    typealias InboundIn = any Channel

    let life: ProcessLife
    /// The port of the lab that is given back when the listener closes, for it was made for this listener.
    let ownsPort: Bool
    @exclusivity(unchecked) var local: Endpoint
    @exclusivity(unchecked) private(set) var channel: (any Channel)?
    @exclusivity(unchecked) private var realPort = 0
    @exclusivity(unchecked) private var number: Int?
    @exclusivity(unchecked) private(set) var isClosedHere = false
    @exclusivity(unchecked) private var failure: NetworkError.Code?
    @exclusivity(unchecked) private var ready = Deque<StreamCore>()
    let accepter = WaitSlot()
    /// A fault keeps the backlog full.
    @exclusivity(unchecked) var isBacklogFull = false
    @exclusivity(unchecked) var filler: BacklogFiller?

    init(life: ProcessLife, local: Endpoint, ownsPort: Bool) {
        self.life = life
        self.local = local
        self.ownsPort = ownsPort
    }

    // MARK: Its life

    /// The channel is bound and listens.
    func listens(_ channel: any Channel) {
        self.channel = channel
        realPort = channel.localAddress?.port ?? 0
        if local.port == 0 { local.port = UInt16(realPort) }
        life.run.book.listens(onRealPort: realPort)
        life.run.observer?.listening(life.host, port: local.port)
        lookAgain()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        number = life.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if let number { life.removeListener(number) }
    }

    func close() {
        guard !isClosedHere else { return }
        isClosedHere = true
        for stream in ready { stream.reset() }
        life.unaccepted -= ready.count
        ready.removeAll()
        filler = nil
        if let channel {
            // A child between fork and exec has a copy of the socket, and the port would be taken until it lets go of it.
            if let descriptor = Descriptor.of(channel) { Descriptor.stopListening(descriptor) }
            channel.close(promise: nil)
            life.run.book.stopped(onRealPort: realPort)
            if ownsPort { life.run.directory?.release(life.host, port: local.port) }
            life.run.observer?.stopped(life.host, port: local.port)
        }
        accepter.wake()
    }

    // MARK: Accepting

    func accept() async throws(NetworkError) -> SocketStream {
        while true {
            if life.isDead { throw NetworkError(.cancelled, during: .accept, local: local) }
            if isClosedHere { throw NetworkError(.closed, during: .accept, local: local) }
            if let stream = ready.first {
                // It stays where it is until there is room for it, as in the kernel's backlog.
                if let lack = life.lack(for: .accept) { throw NetworkError(lack, during: .accept, local: local) }
                ready.removeFirst()
                life.unaccepted -= 1
                return SocketStream(stream)
            }
            if let failure {
                self.failure = nil
                throw NetworkError(failure, during: .accept, local: local)
            }
            if Task.isCancelled { throw NetworkError(.cancelled, during: .accept, local: local) }
            if !isBacklogFull { channel?.read() }
            await accepter.park(on: life.executor)
        }
    }

    /// Takes back what a task has asked of the channel: a connection that comes while the process is stopped stays in the backlog.
    /// Who waits is to look again once it goes on.
    func takeNothing() {
        // The channel stops reading where it is told to read no longer by itself, and only there.
        try? channel?.syncOptions?.setOption(.autoRead, value: true)
        try? channel?.syncOptions?.setOption(.autoRead, value: false)
    }

    /// A stream for a connection that the kernel has handed over and whose channel is about to start.
    func makeStream() -> StreamCore {
        StreamCore(
            life: life, side: .server, connection: ConnectionID(0), local: local,
            remote: Endpoint(host: local.host, port: 0), listener: self)
    }

    /// The channel of an accepted connection has started.
    func accepted(_ stream: StreamCore) {
        guard let channel = stream.context?.channel, let own = channel.localAddress, let other = channel.remoteAddress
        else {
            stream.abort()
            acceptedNothing()
            return
        }
        if isFiller(other) {
            stream.abort()
            acceptedNothing()
            return
        }
        let address = other.ipAddress ?? ""
        stream.remote = Endpoint(
            host: life.run.directory?.host(at: address) ?? address, port: UInt16(other.port ?? 0))
        stream.connection = life.run.book.accepted(ConnectionBook.Pair(client: other, server: own))
        stream.establish()
        if isClosedHere {
            stream.reset()
            return
        }
        ready.append(stream)
        life.unaccepted += 1
        accepter.wake()
    }

    /// What was accepted died before it started: the one who waits must ask again.
    func acceptedNothing() {
        accepter.wake()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let code = NetworkError(error, during: .accept).code
        // A connection that was reset in the backlog is no failure of the listener.
        if code != .connectionAborted, code != .closed { failure = code }
        accepter.wake()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isClosedHere { close() }
    }
}
