internal import DequeModule
internal import NIOCore
internal import PeerNetworking

/// A connection between its channel and the tasks that read and write it: the last handler of the channel, with what
/// has come in and not been read, and one parked task for each thing that can be waited for. On the loop only.
///
/// A file each for its topics: reading, writing, closing.
final class StreamCore: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let life: ProcessLife
    let executor: EventLoopExecutor
    let side: SocketSide
    let options: SocketOptions
    let observer: (any SocketObserver)?

    // Who it is.
    @exclusivity(unchecked) var connection: ConnectionID
    @exclusivity(unchecked) var local: Endpoint
    @exclusivity(unchecked) var remote: Endpoint
    /// The listener that waits for it to become active.
    @exclusivity(unchecked) var listener: ListenerCore?
    @exclusivity(unchecked) private var pair: ConnectionBook.Pair?
    @exclusivity(unchecked) private var number: Int?

    // The channel.
    @exclusivity(unchecked) var context: ChannelHandlerContext?
    @exclusivity(unchecked) var isEstablished = false
    @exclusivity(unchecked) var isActive = false
    /// Closed by its owner.
    @exclusivity(unchecked) var isClosedHere = false
    /// How the connection failed, as the kernel's pending error.
    @exclusivity(unchecked) var failure: NetworkError.Code?
    /// The application has lost it and the other side was not told: what comes is answered with a reset.
    @exclusivity(unchecked) var isDeaf = false
    /// The failure was thrown once; writes then throw `brokenPipe`.
    @exclusivity(unchecked) var failureIsTold = false

    // Reading.
    @exclusivity(unchecked) var inbound = Deque<ByteBuffer>()
    @exclusivity(unchecked) var inboundBytes = 0
    @exclusivity(unchecked) var inputHasEnded = false
    /// The channel wanted to read and was not let, for too much is unread.
    @exclusivity(unchecked) var isHeldBack = false
    /// The channel is telling what it has read, and goes on with itself afterwards.
    @exclusivity(unchecked) var isTellingOfRead = false
    let reader = WaitSlot()

    // Writing.
    @exclusivity(unchecked) var outputHasEnded = false
    /// The kernel was told of the end of the output.
    @exclusivity(unchecked) var finIsSent = false
    @exclusivity(unchecked) var flushIsDue = false
    @exclusivity(unchecked) var drainsAsked = 0
    @exclusivity(unchecked) var drainsDone = 0
    @exclusivity(unchecked) var whenDrained: AfterDrain = .nothing
    @exclusivity(unchecked) var lingering: Scheduled<Void>?
    let writer = WaitSlot()
    let flusher = WaitSlot()

    init(
        life: ProcessLife, side: SocketSide, connection: ConnectionID, local: Endpoint, remote: Endpoint,
        listener: ListenerCore? = nil
    ) {
        self.life = life
        self.side = side
        self.connection = connection
        self.local = local
        self.remote = remote
        self.listener = listener
        executor = life.executor
        options = life.options
        observer = life.run.observer
    }

    func error(_ code: NetworkError.Code, _ operation: NetworkError.Operation) -> NetworkError {
        NetworkError(code, during: operation, local: local, remote: remote)
    }

    /// Throws when the stream can no longer be used from here.
    @inline(__always)
    func checkUse(_ operation: NetworkError.Operation) throws(NetworkError) {
        if life.isDead { throw error(.cancelled, operation) }
        if isClosedHere { throw error(.closed, operation) }
    }

    func wakeAll() {
        reader.wake()
        writer.wake()
        flusher.wake()
    }

    // MARK: The channel's life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        number = life.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        lingering?.cancel()
        lingering = nil
        if let pair { life.run.book.forget(pair) }
        if let number { life.removeStream(number) }
        listener?.acceptedNothing()
        listener = nil
        wakeAll()
    }

    func connect(context: ChannelHandlerContext, to address: SocketAddress, promise: EventLoopPromise<Void>?) {
        // A wire sees the SYN as soon as it has left: there the port is known before.
        let isKnownBefore = life.run.directory?.hasPlaces ?? false
        if isKnownBefore { leaves(from: context.localAddress, to: address) }
        let port = isKnownBefore ? context.localAddress?.port ?? 0 : 0
        observer?.connecting(
            connection, by: life.number, from: Endpoint(host: local.host, port: UInt16(port)), to: remote)
        context.connect(to: address, promise: promise)
        // The kernel has chosen the local port by now. The listener may see the connection before this side does.
        if !isKnownBefore { leaves(from: context.localAddress, to: address) }
    }

    private func leaves(from own: SocketAddress?, to address: SocketAddress) {
        guard let own else { return }
        let pair = ConnectionBook.Pair(client: own, server: address)
        self.pair = pair
        life.run.book.left(pair, as: connection, by: life.number)
    }

    func channelActive(context: ChannelHandlerContext) {
        isActive = true
        if let listener {
            self.listener = nil
            listener.accepted(self)
        }
    }

    /// Both sides may use it from now on.
    func establish() {
        isEstablished = true
        life.run.opened(self)
        observer?.established(connection, side, local: local, remote: remote)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isActive = false
        if isEstablished {
            if !isClosedHere, failure == nil { endWithoutError() }
            life.run.gone(self)
            if !isDeaf { observer?.closed(connection, side) }
        }
        wakeAll()
    }

    /// The channel has closed itself without saying why.
    private func endWithoutError() {
        if finIsSent {
            // Both sides have ended: the kernel is done with it.
            endInput()
        } else if inputHasEnded {
            // A reset after the end of the stream: the kernel's pending error is EPIPE (tcp_reset, in CLOSE_WAIT).
            fail(.brokenPipe)
        } else {
            // A write met the reset before a read did.
            fail(.connectionReset)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isEstablished, !isClosedHere, failure == nil { fail(NetworkError.Code(ofStream: error)) }
    }

    /// Breaks the connection off: both sides are told of a reset.
    func breakOff() {
        guard isEstablished, !isClosedHere, failure == nil else { return }
        fail(.connectionReset)
        abort()
    }

    func fail(_ code: NetworkError.Code) {
        failure = code
        // A broken pipe is a reset after the end of the stream; closed is what was closed here.
        if code != .closed { observer?.broken(connection, side, code == .brokenPipe ? .connectionReset : code) }
        wakeAll()
    }

    /// What the kernel says of it; nil when it is closed.
    func kernelState() -> SocketKernelState? {
        guard let context, !isDeaf, let descriptor = Descriptor.of(context.channel) else { return nil }
        return SocketKernelState(descriptor: descriptor, unreadBytes: inboundBytes, unsentBytes: unsentBytes)
    }
}
