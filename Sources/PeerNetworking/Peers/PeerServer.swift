/// Accepts peers, and hands their messages to a handler.
///
/// Each accepted connection is a session: a ``Peer`` that answers over it and ends with it.
public actor PeerServer {
    /// The server's name, for records and messages.
    public nonisolated let name: String
    private let local: Endpoint
    private let config: PeerConfig
    private let providers: Providers
    private let handlers: MessageHandlers
    private let streamHandler: StreamHandler?
    private let nodeClaim: NodeClaim?
    private nonisolated let executor: any SerialExecutor
    /// The executor of its process: calls from there do not hop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let observed: PeerNumber
    private let depth = SharedDepth()
    private let register = DeliveryRegister()
    private var listener: (any StreamListener)?
    private var isOpening = false
    private let opened: any Signal
    private var isClosed = false
    private var sessions: [(id: UInt64, peer: Peer)] = []
    private var sessionsMade: UInt64 = 0
    /// Peers that are being told that there is no room.
    private var refusals = 0

    /// Makes a server; it listens once it runs.
    ///
    /// - Parameters:
    ///   - name: unique in the run.
    ///   - local: this host's endpoint to listen on.
    ///   - config: of each session; what concerns connecting is not used.
    ///   - providers: the process's.
    ///   - onStream: takes each byte stream that is opened; without, those who want one are refused.
    ///   - onMessage: takes each message of each session.
    ///   - onArrival: is asked before, and may take the message without waiting.
    public init(
        name: String, on local: Endpoint, config: PeerConfig = PeerConfig(), providers: Providers,
        onStream: StreamHandler? = nil, onMessage: @escaping MessageHandler, onArrival: ArrivalHandler? = nil
    ) {
        self.init(
            name: name, on: local, config: config, providers: providers, onStream: onStream, nodeClaim: nil,
            handlers: MessageHandlers(onMessage: onMessage, onArrival: onArrival))
    }

    init(
        name: String, on local: Endpoint, config: PeerConfig, providers: Providers, onStream: StreamHandler?,
        nodeClaim: NodeClaim?, handlers: MessageHandlers
    ) {
        streamHandler = onStream
        self.nodeClaim = nodeClaim
        self.name = name
        self.local = local
        self.config = config
        self.providers = providers
        self.handlers = handlers
        executor = providers.tasks.executor
        opened = providers.tasks.makeSignal()
        observed = providers.observer.register(name, queueCapacity: config.queueCapacity)
    }

    /// How many sessions there are.
    public var sessionCount: Int { sessions.count }

    /// Listens, before it runs: who connects waits until it does.
    ///
    /// - Returns: the endpoint that it listens on: the port that it was given, where it was to take any (0).
    /// - Throws: `addressInUse`, `addressNotAvailable`, …, `closed`, `cancelled`; an exhausted host that cannot listen for
    ///   now is waited for.
    @discardableResult
    public func listen() async throws(NetworkError) -> Endpoint {
        // Whoever comes meanwhile waits for the one who is at it.
        while isOpening { try await opened.wait() }
        if isClosed { throw NetworkError(.closed, during: .listen, local: local) }
        if let listener { return listener.local }
        isOpening = true
        defer {
            isOpening = false
            opened.notify()
        }
        let listener = try await openListener()
        if isClosed {
            await listener.close()
            throw NetworkError(.closed, during: .listen, local: local)
        }
        self.listener = listener
        providers.observer.note(.state(.listening, nil), of: observed)
        return listener.local
    }

    /// Listens, where it does not yet, and serves until it is closed or its task is cancelled.
    ///
    /// - Throws: as ``listen()``; an exhausted host that cannot accept for now does not end it.
    public func run() async throws(NetworkError) {
        do throws(NetworkError) {
            try await listen()
            while let listener {
                let stream = try await accept(from: listener)
                if sessions.count < config.maximumSessions { serve(stream) } else { refuse(stream) }
            }
        } catch {
            // However it ends, the port is free again.
            await listener?.close()
            listener = nil
            providers.observer.note(.state(.closed, error.code == .closed ? nil : error.code), of: observed)
            if error.code != .closed { throw error }
        }
    }

    private func openListener() async throws(NetworkError) -> any StreamListener {
        while !isClosed {
            do {
                return try await providers.network.listen(on: local)
            } catch {
                try await waitOut(error, among: [.tooManyOpenFiles, .noBufferSpace])
            }
        }
        throw NetworkError(.closed, during: .listen, local: local)
    }

    private func accept(from listener: any StreamListener) async throws(NetworkError) -> any ByteStream {
        while true {
            do {
                return try await listener.accept()
            } catch {
                // Those it has are served on.
                try await waitOut(error, among: [.tooManyOpenFiles, .connectionAborted])
            }
        }
    }

    /// Lets a failure pass that passes by itself: it may be tried again then.
    private func waitOut(_ error: NetworkError, among passing: [NetworkError.Code]) async throws(NetworkError) {
        guard passing.contains(error.code) else { throw error }
        try await providers.time.sleep(for: .milliseconds(100))
    }

    private func serve(_ stream: any ByteStream) {
        sessionsMade += 1
        let id = sessionsMade
        var config = config
        config.reconnects = false
        let peer = Peer(
            name: name, remote: stream.remote, accepted: stream, config: config, providers: providers,
            observed: observed, sharedDepth: depth, register: register, breaker: nil, onStream: streamHandler,
            nodeClaim: nodeClaim, handlers: handlers)
        sessions.append((id, peer))
        let server = self
        let delay = providers.buggify.fires(.peerAcceptDelay, for: name) ? config.handshakeTimeout / 4 : .zero
        let time = providers.time
        providers.tasks.start("\(name) session") {
            if delay > .zero { try? await time.sleep(for: delay) }
            await peer.serveAccepted()
            await server.ended(id)
        }
    }

    /// Refusals that are told at a time at most: who comes beside them is told nothing.
    private static let mostRefusals = 64

    /// Tells a peer that there is no room, and closes.
    private func refuse(_ stream: any ByteStream) {
        let tasks = providers.tasks
        guard refusals < Self.mostRefusals else {
            tasks.start("\(name) refusal") { await stream.close() }
            return
        }
        refusals += 1
        let words = "it has \(config.maximumSessions) sessions, and takes no more"
        let (server, told) = (self, tasks.makeSignal())
        let telling = tasks.start("\(name) refusal") {
            try? await stream.write(Frame.refusal(.tooManySessions, words).encoded())
            try? await stream.shutdownWrite()
            // With its hello unread, closing would reset the connection, and the refusal be lost.
            while (try? await stream.read(upTo: 65_536)) != nil {}
            await stream.close()
            await server.hasRefused()
            told.notify()
        }
        // One who says nothing is not waited for.
        let deadline = providers.time.now.advanced(by: config.connectTimeout)
        let purpose = "\(name) refusal limit"
        tasks.start(purpose) {
            try? await told.wait(until: deadline, for: purpose)
            telling.cancel()
        }
    }

    private func hasRefused() {
        refusals -= 1
    }

    private func ended(_ id: UInt64) {
        sessions.removeAll { $0.id == id }
    }

    /// Stops listening and closes all sessions.
    ///
    /// - Parameter limit: how long they may take to flush what they hold; without, ``PeerConfig/closeTimeout``.
    /// - Returns: how many messages could not be flushed.
    @discardableResult
    public func close(flushingFor limit: Duration? = nil) async -> Int {
        isClosed = true
        await listener?.close()
        return await sessions.map(\.peer).close(flushingFor: limit)
    }
}

extension Peer {
    /// Runs the session of an accepted connection to its end.
    func serveAccepted() async {
        connect()
        await keeper?.finished()
    }
}
