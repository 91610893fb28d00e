import DequeModule
public import NIOCore
public import PeerNetworking

/// Why a server has no response, in words that the client gets.
public struct RequestFailure: Error, Hashable, Sendable {
    /// The words.
    public var words: String

    /// Makes a failure.
    public init(_ words: String) {
        self.words = words
    }
}

/// Makes the response to a request; it is cancelled when the client wants none any more.
public typealias RequestHandler = @Sendable (_ body: ByteBuffer) async throws(RequestFailure) -> ByteBuffer

/// Answers requests, many at a time.
///
/// It remembers what it has answered last: a request that comes again, because its answer was late or lost with its
/// connection, is not carried out again but answered as before, to the connection that it came by.
public actor RequestServer {
    /// Answers that it remembers, for all clients together.
    public static let remembered = 4_096

    private let name: String
    private let local: Endpoint
    private let config: PeerConfig
    private let providers: Providers
    private let handler: RequestHandler
    private let concurrency: Int
    private nonisolated let executor: any SerialExecutor
    /// The executor of its process: calls from there do not hop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private struct Running {
        /// Where the request came from last.
        var session: Peer
        var task: (any TaskHandle)?
        var isCancelled = false
    }

    /// Looked up, never iterated over.
    private var running: [Envelope.Key: Running] = [:]
    /// Requests that are being carried out; others wait for their turn.
    private var active = 0
    private var line = WaitingLine()
    private var answers: [Envelope.Key: ByteBuffer] = [:]
    private var answered: Deque<Envelope.Key> = []
    /// Requests that were carried out, and those that came again and were not.
    public private(set) var served: (once: Int, again: Int) = (0, 0)

    /// Makes a server; it listens once it runs.
    ///
    /// - Parameters:
    ///   - name: unique in the run.
    ///   - local: this host's endpoint to listen on.
    ///   - config: of each session.
    ///   - concurrency: requests that are carried out at a time at most, 1 or more; further ones wait, and with them what
    ///     their clients send.
    ///   - providers: the process's.
    ///   - handler: makes each response.
    public init(
        name: String, on local: Endpoint, config: PeerConfig = PeerConfig(), concurrency: Int = 64,
        providers: Providers, handler: @escaping RequestHandler
    ) {
        self.name = name
        self.local = local
        self.config = config
        self.concurrency = max(1, concurrency)
        self.providers = providers
        self.handler = handler
        executor = providers.tasks.executor
    }

    /// Serves until its task is cancelled.
    ///
    /// - Throws: what listening throws.
    public func run() async throws(NetworkError) {
        let requests = self
        let server = PeerServer(name: name, on: local, config: config, providers: providers) { message, session in
            await requests.take(message.payload, from: session)
        }
        try await server.run()
    }

    private func take(_ bytes: ByteBuffer, from session: Peer) async {
        // What is no envelope is nobody's, and gets no answer.
        guard let envelope = Envelope(bytes) else { return }
        switch envelope.kind {
        case .request: await carryOut(envelope, for: session)
        case .cancel: cancel(envelope.key)
        case .response, .failure: break
        }
    }

    private func carryOut(_ envelope: Envelope, for session: Peer) async {
        let key = envelope.key
        if let answer = answers[key] {
            served.again += 1
            _ = try? await session.send(answer)
            return
        }
        if running[key] != nil {
            served.again += 1
            running[key]?.session = session
            return
        }
        running[key] = Running(session: session)
        if active >= concurrency { await waitForTurn() }
        defer { passTurnOn() }
        guard running[key]?.isCancelled == false else {
            running[key] = nil
            return
        }
        active += 1
        let server = self
        let (handler, body) = (handler, envelope.body)
        running[key]?.task = providers.tasks.start("\(name) request") {
            let answer: Envelope
            do throws(RequestFailure) {
                answer = Envelope(kind: .response, key: key, body: try await handler(body))
            } catch {
                answer = Envelope(kind: .failure, key: key, body: ByteBuffer(string: error.words))
            }
            await server.send(answer)
        }
    }

    /// Returns once fewer are carried out than may be; ``passTurnOn()`` is to follow.
    private func waitForTurn() async {
        let place = line.join(providers.tasks.makeSignal())
        while active >= concurrency {
            guard (try? await place.turn.wait()) != nil else { break }
        }
        line.leave(place)
    }

    /// Has the first of the requests that wait look again, where one more may be carried out.
    private func passTurnOn() {
        line.wakeFirst { _ in active < concurrency }
    }

    private func send(_ answer: Envelope) async {
        active -= 1
        passTurnOn()
        guard let run = running.removeValue(forKey: answer.key) else { return }
        guard !run.isCancelled else { return }
        served.once += 1
        let bytes = answer.encoded()
        remember(bytes, of: answer.key)
        _ = try? await run.session.send(bytes)
    }

    private func remember(_ answer: ByteBuffer, of key: Envelope.Key) {
        answers[key] = answer
        answered.append(key)
        if answered.count > Self.remembered, let oldest = answered.popFirst() { answers[oldest] = nil }
    }

    private func cancel(_ key: Envelope.Key) {
        running[key]?.isCancelled = true
        running[key]?.task?.cancel()
    }
}
