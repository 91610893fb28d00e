import NIOCore
public import PeerNetworking

/// A server that answers each request with the checksum of its bytes, after a time that stands for work.
public struct RequestResponseServer: Sendable {
    /// The peer's name.
    public var name: String
    /// Where it listens.
    public var local: Endpoint
    /// How its sessions are kept.
    public var config: PeerConfig
    /// How long a request takes to carry out.
    public var takes: Duration

    /// Makes a server.
    public init(name: String, local: Endpoint, config: PeerConfig, takes: Duration = .zero) {
        self.name = name
        self.local = local
        self.config = config
        self.takes = takes
    }

    /// Serves until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run(_ providers: Providers) async throws(NetworkError) {
        let (takes, time) = (takes, providers.time)
        let server = RequestServer(name: name, on: local, config: config, providers: providers) {
            (body: ByteBuffer) async throws(RequestFailure) -> ByteBuffer in
            if takes > .zero, (try? await time.sleep(for: takes)) == nil { throw RequestFailure("cancelled") }
            return RequestResponseServer.response(to: body)
        }
        try await server.run()
    }

    /// What the response to a request must be.
    static func response(to body: ByteBuffer) -> ByteBuffer {
        var checksum = StreamChecksum()
        checksum.update(body)
        return ByteBuffer(integer: checksum.value)
    }
}

/// A client that asks, so many questions at a time, and checks each response.
public struct RequestResponseClient: Sendable {
    /// The peer's name.
    public var name: String
    /// Where the server listens.
    public var remote: Endpoint
    /// How its connections are kept.
    public var config: PeerConfig
    /// How many connections it has.
    public var pool: ConnectionPool
    /// The time between two requests of one of those that ask; 0 for the next one at once.
    public var interval: Duration
    /// Bytes in a request, 8 or more.
    public var size: Int
    /// How many requests there are in all; 0 for no end.
    public var count: UInt64
    /// How many ask at a time, 1 or more.
    public var parallel: Int
    /// How long each attempt may take.
    public var timeout: Duration
    /// Attempts after the first.
    public var retries: Int

    /// Makes a client.
    public init(
        name: String, remote: Endpoint, config: PeerConfig, pool: ConnectionPool = ConnectionPool(),
        interval: Duration = .milliseconds(100), size: Int = 64, count: UInt64 = 0, parallel: Int = 1,
        timeout: Duration = .seconds(1), retries: Int = 3
    ) {
        self.name = name
        self.remote = remote
        self.config = config
        self.pool = pool
        self.interval = interval
        self.size = max(size, 8)
        self.count = count
        self.parallel = max(1, parallel)
        self.timeout = timeout
        self.retries = retries
    }

    /// Runs until all requests have a response or have failed.
    public func run(_ providers: Providers) async {
        let tally = RequestTally(executor: providers.tasks.executor, count: count, parallel: parallel, providers, name)
        let client = RequestClient(name: name, to: remote, config: config, pool: pool, providers: providers)
        await client.connect()
        let load = self
        for number in 1...parallel {
            providers.tasks.start("\(name) asker \(number)") { await load.ask(client, tally, providers) }
        }
        await tally.waitForAll()
        await client.close()
        await tally.finish()
    }

    private func ask(_ client: RequestClient, _ tally: RequestTally, _ providers: Providers) async {
        while let number = await tally.next() {
            var body = ByteBufferAllocator().buffer(capacity: size)
            body.writeInteger(number)
            body.writeRepeatingByte(UInt8(truncatingIfNeeded: number), count: size - 8)
            do throws(RequestError) {
                let response = try await client.request(body, timeout: timeout, retries: retries)
                await tally.done(correct: response == RequestResponseServer.response(to: body))
            } catch {
                if error == .cancelled { break }
                await tally.done(correct: false)
            }
            if interval > .zero, (try? await providers.time.sleep(for: interval)) == nil { break }
        }
        await tally.left()
    }
}

/// Counts requests and their responses.
private actor RequestTally {
    nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let providers: Providers
    private let number: PeerNumber
    private let all: any Signal
    private let count: UInt64
    private var askers: Int
    private var asked: UInt64 = 0
    private var answered: UInt64 = 0
    private var isCorrect = true

    init(executor: any SerialExecutor, count: UInt64, parallel: Int, _ providers: Providers, _ name: String) {
        self.executor = executor
        self.count = count
        self.providers = providers
        askers = parallel
        all = providers.tasks.makeSignal()
        number = providers.observer.register(name, queueCapacity: 1)
    }

    /// The number of the next request; nil where there is none.
    func next() -> UInt64? {
        guard count == 0 || asked < count else { return nil }
        asked += 1
        return asked
    }

    func done(correct: Bool) {
        answered += 1
        if !correct { isCorrect = false }
        providers.observer.note(.progress(done: answered, of: count), of: number)
    }

    func left() {
        askers -= 1
        if askers == 0 { all.notify() }
    }

    func waitForAll() async {
        while askers > 0 { if (try? await all.wait()) == nil { return } }
    }

    func finish() {
        guard count > 0, answered == count else { return }
        providers.observer.note(.finished(correct: isCorrect), of: number)
    }
}
