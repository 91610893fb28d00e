import DequeModule
import NIOCore
public import PeerNetworking

/// What a queue and its workers say to each other; in a peer's message: the kind (1 byte) and a number (8).
private struct JobMessage {
    enum Kind: UInt8 {
        /// A worker is free.
        case free = 1
        /// The queue gives a worker a job.
        case job = 2
        /// A worker has done a job, and is free; the number is the job's result.
        case done = 3
    }

    var kind: Kind
    var job: UInt64 = 0
    var result: UInt64 = 0

    func encoded() -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 17)
        buffer.writeMultipleIntegers(kind.rawValue, job, result)
        return buffer
    }

    init(_ kind: Kind, job: UInt64 = 0, result: UInt64 = 0) {
        self.kind = kind
        self.job = job
        self.result = result
    }

    init?(_ bytes: ByteBuffer) {
        var bytes = bytes
        guard let (code, job, result) = bytes.readMultipleIntegers(as: (UInt8, UInt64, UInt64).self),
            let kind = Kind(rawValue: code)
        else { return nil }
        self.init(kind, job: job, result: result)
    }

    /// What the result of a job must be.
    static func result(of job: UInt64) -> UInt64 { (job &+ 1) &* 0x9E37_79B9_7F4A_7C15 }
}

/// Hands jobs to workers that are free, and gives those of a worker that is heard of no more to another one: each job is done
/// once at least.
public actor JobQueue {
    private let name: String
    private let local: Endpoint
    private let config: PeerConfig
    private let jobs: UInt64
    private let lease: Duration
    private let providers: Providers
    private nonisolated let executor: any SerialExecutor
    /// The executor of its process: calls from there do not hop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let number: PeerNumber
    private var next: UInt64 = 1
    /// Jobs to be given out again, oldest first.
    private var again: Deque<UInt64> = []
    /// Jobs that are being done, in the order in which they were given.
    private var given: Deque<(job: UInt64, until: Instant)> = []
    private var free: Deque<Peer> = []
    /// Looked up, never iterated over.
    private var isDone: Set<UInt64> = []
    private var isCorrect = true
    private let changed: any Signal

    /// Makes a queue.
    ///
    /// - Parameters:
    ///   - jobs: how many there are.
    ///   - lease: how long a worker has for one before another gets it.
    public init(
        name: String, local: Endpoint, config: PeerConfig, jobs: UInt64, lease: Duration, providers: Providers
    ) {
        self.name = name
        self.local = local
        self.config = config
        self.jobs = jobs
        self.lease = lease
        self.providers = providers
        executor = providers.tasks.executor
        number = providers.observer.register(name, queueCapacity: config.queueCapacity)
        changed = providers.tasks.makeSignal()
    }

    /// Serves until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run() async throws(NetworkError) {
        let queue = self
        providers.tasks.start("\(name) leases") { await queue.watchLeases() }
        let server = PeerServer(name: name, on: local, config: config, providers: providers) { message, session in
            await queue.take(message.payload, from: session)
        }
        try await server.run()
    }

    private func take(_ bytes: ByteBuffer, from session: Peer) async {
        guard let message = JobMessage(bytes) else { return }
        switch message.kind {
        case .free: break
        case .done: settle(message)
        case .job: return
        }
        if !free.contains(where: { $0 === session }) { free.append(session) }
        await giveOut()
    }

    private func settle(_ message: JobMessage) {
        given.removeAll { $0.job == message.job }
        again.removeAll { $0 == message.job }
        if message.result != JobMessage.result(of: message.job) { isCorrect = false }
        // Two workers may have had it.
        guard isDone.insert(message.job).inserted else { return }
        let done = UInt64(isDone.count)
        providers.observer.note(.progress(done: done, of: jobs), of: number)
        if done == jobs { providers.observer.note(.finished(correct: isCorrect), of: number) }
    }

    /// Gives jobs to the workers that are free, for as long as there are both.
    private func giveOut() async {
        while let worker = free.first, let job = takeJob() {
            free.removeFirst()
            given.append((job, providers.time.now.advanced(by: lease)))
            changed.notify()
            do throws(NetworkError) {
                try await worker.send(JobMessage(.job, job: job).encoded())
            } catch {
                // It is gone: the job is for the next one.
                given.removeAll { $0.job == job }
                again.append(job)
            }
        }
    }

    private func takeJob() -> UInt64? {
        if let job = again.popFirst() { return job }
        guard next <= jobs else { return nil }
        defer { next += 1 }
        return next
    }

    private func watchLeases() async {
        while UInt64(isDone.count) < jobs {
            do {
                if let first = given.first {
                    try await changed.wait(until: first.until, for: "\(name) lease")
                } else {
                    try await changed.wait()
                }
            } catch {
                return
            }
            let now = providers.time.now
            while let first = given.first, first.until <= now {
                given.removeFirst()
                again.append(first.job)
            }
            await giveOut()
        }
    }
}

/// Does jobs, one at a time.
public struct Worker: Sendable {
    /// The peer's name.
    public var name: String
    /// Where the queue listens.
    public var remote: Endpoint
    /// How its connection is kept.
    public var config: PeerConfig
    /// How long a job takes.
    public var takes: Duration

    /// Makes a worker.
    public init(name: String, remote: Endpoint, config: PeerConfig, takes: Duration) {
        self.name = name
        self.remote = remote
        self.config = config
        self.takes = takes
    }

    /// Works until its process ends or its peer gives up.
    public func run(_ providers: Providers) async {
        let number = providers.observer.register(name, queueCapacity: config.queueCapacity)
        let (takes, time, observer) = (takes, providers.time, providers.observer)
        let count = JobCount(executor: providers.tasks.executor)
        let peer = Peer(name: name, to: remote, config: config, providers: providers) { message, session in
            guard let job = JobMessage(message.payload), job.kind == .job else { return }
            if takes > .zero, (try? await time.sleep(for: takes)) == nil { return }
            let done = JobMessage(.done, job: job.job, result: JobMessage.result(of: job.job))
            _ = try? await session.send(done.encoded())
            observer.note(.progress(done: await count.next(), of: 0), of: number)
        }
        let events = await peer.events()
        await peer.connect()
        // The queue knows a worker by its connection: each new one is to say that it is free.
        for await event in events {
            switch event {
            case .state(.connected, _): _ = try? await peer.send(JobMessage(.free).encoded())
            case .state(.failed, _), .state(.closed, _): return
            default: break
            }
        }
        await peer.close(flushingFor: .zero)
    }
}

/// Counts.
private actor JobCount {
    nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private var count: UInt64 = 0

    init(executor: any SerialExecutor) {
        self.executor = executor
    }

    func next() -> UInt64 {
        count += 1
        return count
    }
}
