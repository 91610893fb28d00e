import NIOCore
import PeerNetworking

/// A client that asks, so many questions at a time, and checks each response.
public struct RequestResponseClient: Workload {
    /// What a lab file may say.
    public struct Parameters: WorkloadParameters {
        /// The time between two requests of one of those that ask; 0 for the next one at once.
        public var every = TimeSpan.milliseconds(100)
        /// Bytes in a request.
        public var size: MessageSize = 64
        /// How many requests there are in all; 0 for no end.
        public var count: UInt64 = 0
        /// How many ask at a time.
        public var parallel = 1
        /// How long each attempt may take.
        public var timeout = TimeSpan.seconds(1)
        /// Attempts after the first.
        public var retries = 3
        /// How many connections there are, and which one a request takes.
        public var pool = PoolParameters()

        /// Those that are not the types' own.
        public static let bounds = [
            "size": 8...MessageSize.bounds.upperBound, "parallel": 1...10_000,
            "timeout": 1_000_000...TimeSpan.bounds.upperBound, "retries": 0...1_000,
            "pool.idle": 0...Int64.max,
        ]

        /// One request of 64 bytes every 100 ms, without end.
        public init() {}
    }

    /// Its name in lab files.
    public static let name = RequestResponseServer.name
    /// It connects.
    public static let role = WorkloadRole.connects

    /// Its parameters.
    public let parameters: Parameters

    /// Makes a client.
    ///
    /// - Throws: ``Refusal`` for a pool that cannot be.
    public init(_ parameters: Parameters) throws(Refusal) {
        self.parameters = parameters
        let problems = parameters.pool.pool.validate().map { violation in
            Refusal.Problem(
                place: .value(violation.field.split(separator: ".").map(String.init)), words: violation.description)
        }
        if !problems.isEmpty { throw Refusal(problems) }
    }

    /// A request with its envelope.
    public var largestMessage: Int? { parameters.size.bytes + Envelope.headerLength }

    /// The requests of all that ask, each as it is and in its envelope.
    public var bytesAtOnce: Int {
        let asking = min(parameters.parallel, parameters.count == 0 ? .max : Int(clamping: parameters.count))
        return asking * (2 * parameters.size.bytes + Envelope.headerLength)
    }

    /// It counts its responses, and ends where it has a count.
    public var tale: WorkloadTale { .of(count: parameters.count) }

    /// Runs until all requests have a response or have failed.
    public func run(_ peer: PeerContext) async {
        let providers = peer.providers
        let tally = RequestTally(
            executor: providers.tasks.executor, count: parameters.count, parallel: parameters.parallel, providers,
            peer.name)
        let client = RequestClient(
            name: peer.name, to: peer.remote, config: peer.config, pool: parameters.pool.pool, providers: providers)
        await client.connect()
        let load = self
        for number in 1...parameters.parallel {
            providers.tasks.start("\(peer.name) asker \(number)") { await load.ask(client, tally, providers) }
        }
        await tally.waitForAll()
        await client.close()
        await tally.finish()
    }

    private func ask(_ client: RequestClient, _ tally: RequestTally, _ providers: Providers) async {
        let (size, interval) = (parameters.size.bytes, parameters.every.duration)
        while let number = await tally.next() {
            var body = ByteBufferAllocator().buffer(capacity: size)
            body.writeInteger(number)
            body.writeRepeatingByte(UInt8(truncatingIfNeeded: number), count: size - 8)
            let since = providers.time.now
            do throws(RequestError) {
                let response = try await client.request(
                    body,
                    timeout: parameters.timeout.duration, retries: parameters.retries)
                await tally.answer(correct: response == RequestResponseServer.response(to: body))
            } catch {
                if error == .cancelled || Task.isCancelled { break }
                await tally.fail()
                // What fails at once is not asked again at once: time would stand still.
                if interval == .zero, providers.time.now == since,
                    (try? await providers.time.sleep(for: .milliseconds(10))) == nil
                {
                    break
                }
            }
            if interval > .zero, (try? await providers.time.sleep(for: interval)) == nil { break }
        }
        await tally.left()
    }
}
