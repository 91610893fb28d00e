public import NIOCore
public import PeerNetworking

/// Why a request has no response.
public enum RequestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No response came in time, in so many attempts; it may have been carried out all the same.
    case timedOut(attempts: Int)
    /// The server says that it failed, and why.
    case failed(String)
    /// The task that waited was cancelled; the server was told.
    case cancelled
    /// It could not be sent.
    case network(NetworkError)

    var outcome: RequestOutcome {
        switch self {
        case .timedOut: .timedOut
        case .failed: .failed
        case .cancelled: .cancelled
        case .network: .unsent
        }
    }

    /// The error in words.
    public var description: String {
        switch self {
        case .timedOut(let attempts): "no response in \(attempts) attempt\(attempts == 1 ? "" : "s")"
        case .failed(let words): "failed: \(words)"
        case .cancelled: "cancelled"
        case .network(let error): error.description
        }
    }
}

/// Asks a ``RequestServer`` and waits for its responses, many at a time, over a client's connections.
///
/// A response finds its request by a number. A request that has no response in time is sent again, under the same number: a
/// server that has it already answers it from memory, and carries nothing out twice as long as it remembers.
public actor RequestClient {
    private let name: String
    private let providers: Providers
    private let client: PeerClient
    private let mailbox: Mailbox
    private nonisolated let executor: any SerialExecutor
    /// The executor of its process: calls from there do not hop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let observed: PeerNumber
    private let number: UInt64
    private var lastRequest: UInt64 = 0

    /// Makes a client; it connects with the first request.
    ///
    /// - Parameters:
    ///   - name: unique in the run.
    ///   - remote: where the server listens.
    ///   - config: of each connection.
    ///   - pool: how many connections.
    ///   - providers: the process's.
    public init(
        name: String, to remote: Endpoint, config: PeerConfig = PeerConfig(), pool: ConnectionPool = ConnectionPool(),
        providers: Providers
    ) {
        self.name = name
        self.providers = providers
        executor = providers.tasks.executor
        let mailbox = Mailbox(executor: providers.tasks.executor)
        self.mailbox = mailbox
        client = PeerClient(name: name, to: remote, config: config, pool: pool, providers: providers) { message, _ in
            await mailbox.take(message.payload)
        }
        observed = providers.observer.register(name, queueCapacity: config.queueCapacity)
        number = providers.random.next("request.client", for: name)
    }

    /// Connects now, instead of with the first request.
    public func connect() async { await client.connect() }

    /// Asks, and waits for the response.
    ///
    /// - Parameters:
    ///   - body: the request's bytes.
    ///   - timeout: how long each attempt may take.
    ///   - retries: attempts after the first.
    /// - Returns: the response's bytes.
    /// - Throws: `timedOut`, `failed`, `cancelled`, `network`.
    public func request(
        _ body: ByteBuffer, timeout: Duration = .seconds(5), retries: Int = 0
    ) async throws(RequestError) -> ByteBuffer {
        lastRequest += 1
        let key = Envelope.Key(client: number, request: lastRequest)
        let question = Envelope(kind: .request, key: key, body: body).encoded()
        let slot = await mailbox.open(key.request, providers.tasks.makeSignal())
        let since = providers.time.now
        do throws(RequestError) {
            let answer = try await ask(question, slot, timeout: timeout, retries: retries)
            await mailbox.close(key.request)
            tell(key.request, .answered, since)
            return answer
        } catch {
            await mailbox.close(key.request)
            tell(key.request, error.outcome, since)
            if error == .cancelled { await withdraw(key) }
            throw error
        }
    }

    private func tell(_ request: UInt64, _ outcome: RequestOutcome, _ since: Instant) {
        let time = since.duration(to: providers.time.now).inNanoseconds
        providers.observer.note(.answered(request: request, outcome, nanoseconds: time), of: observed)
    }

    private func ask(
        _ question: ByteBuffer, _ slot: Mailbox.Slot, timeout: Duration, retries: Int
    ) async throws(RequestError) -> ByteBuffer {
        for attempt in 0...max(0, retries) {
            let deadline = providers.time.now.advanced(by: timeout)
            providers.observer.note(.asked(request: slot.request, attempt: Int32(clamping: attempt + 1)), of: observed)
            do throws(NetworkError) {
                try await client.send(question, order: .unordered, until: deadline)
            } catch {
                switch error.code {
                case .timedOut: continue
                case .circuitOpen:
                    // The endpoint is left alone: the attempt has failed, and takes its time all the same.
                    guard (try? await providers.time.sleep(until: deadline)) != nil else { throw .cancelled }
                    continue
                case .cancelled: throw .cancelled
                default: throw .network(error)
                }
            }
            if let answer = try await answer(in: slot, until: deadline) { return answer }
        }
        throw .timedOut(attempts: max(0, retries) + 1)
    }

    /// Waits for the answer to a question; nil where it does not come in time.
    private func answer(in slot: Mailbox.Slot, until deadline: Instant) async throws(RequestError) -> ByteBuffer? {
        while true {
            switch await mailbox.answer(in: slot) {
            case .success(let body): return body
            case .failure(let error): throw error
            case nil: break
            }
            guard providers.time.now < deadline else { return nil }
            do throws(NetworkError) {
                try await slot.arrived.wait(until: deadline, for: "\(name) response")
            } catch {
                throw .cancelled
            }
        }
    }

    /// Tells the server that nobody waits any more, from a task that is not cancelled.
    private func withdraw(_ key: Envelope.Key) async {
        let client = client
        providers.tasks.start("\(name) cancel") {
            _ = try? await client.send(Envelope(kind: .cancel, key: key).encoded(), delivery: .unreliable)
        }
    }

    /// Closes the connections; requests that wait fail with `closed`.
    public func close() async {
        await client.close()
        await mailbox.closeAll()
    }
}

/// The answers that are waited for.
private actor Mailbox {
    /// Where the answer to a request is put.
    final class Slot: Sendable {
        let arrived: any Signal
        let request: UInt64

        init(_ request: UInt64, _ arrived: any Signal) {
            self.request = request
            self.arrived = arrived
        }
    }

    nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    /// The requests that wait, by their numbers, and their answers once they have come; looked up, and gone over in order of
    /// numbers alone. Many end in another order than they began: an ordered dictionary closes the gap each time.
    private var waiting: [UInt64: (slot: Slot, answer: Result<ByteBuffer, RequestError>?)] = [:]

    init(executor: any SerialExecutor) {
        self.executor = executor
    }

    func open(_ request: UInt64, _ arrived: any Signal) -> Slot {
        let slot = Slot(request, arrived)
        waiting[request] = (slot, nil)
        return slot
    }

    func answer(in slot: Slot) -> Result<ByteBuffer, RequestError>? { waiting[slot.request]?.answer }

    func close(_ request: UInt64) {
        waiting[request] = nil
    }

    func closeAll() {
        let closed = RequestError.network(NetworkError(.closed, during: .receive))
        for request in waiting.keys.sorted() { settle(request, .failure(closed)) }
    }

    private func settle(_ request: UInt64, _ answer: Result<ByteBuffer, RequestError>) {
        waiting[request]?.answer = answer
        waiting[request]?.slot.arrived.notify()
    }

    /// A late or a second answer finds nobody, and is none.
    func take(_ bytes: ByteBuffer) {
        guard let envelope = Envelope(bytes) else { return }
        switch envelope.kind {
        case .response: settle(envelope.key.request, .success(envelope.body))
        case .failure: settle(envelope.key.request, .failure(.failed(String(buffer: envelope.body))))
        case .request, .cancel: return
        }
    }
}
