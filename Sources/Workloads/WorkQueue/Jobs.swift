import DequeModule
import NIOCore
import PeerNetworking

/// The jobs of a queue: which are to be done, are being done, and are done.
actor Jobs {
    private let name: String
    private let jobs: UInt64
    private let lease: Duration
    private let providers: Providers
    private nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let number: PeerNumber
    private var next: UInt64 = 1
    /// Jobs to be given out again, oldest first.
    private var again: Deque<UInt64> = []
    /// Jobs that are being done, in the order in which they were given.
    private var given: Deque<(job: UInt64, until: Instant, worker: Peer)> = []
    private var free: Deque<Peer> = []
    /// Looked up, never iterated over.
    private var isDone: Set<UInt64> = []
    private var isCorrect = true
    private let changed: any Signal

    init(_ jobs: UInt64, lease: Duration, for peer: PeerContext) {
        self.jobs = jobs
        self.lease = lease
        name = peer.name
        providers = peer.providers
        executor = peer.providers.tasks.executor
        number = peer.register()
        changed = peer.providers.tasks.makeSignal()
    }

    func take(_ bytes: ByteBuffer, from session: Peer) async {
        guard let message = JobMessage(bytes) else { return }
        switch message.kind {
        case .free: break
        case .done: await settle(message, from: session)
        case .job: return
        }
        if !free.contains(where: { $0 === session }) { free.append(session) }
        await giveOut()
    }

    private func settle(_ message: JobMessage, from worker: Peer) async {
        given.removeAll { $0.job == message.job }
        again.removeAll { $0 == message.job }
        if message.result != JobMessage.result(of: message.job) { isCorrect = false }
        // Two workers may have had it.
        let isFirst = isDone.insert(message.job).inserted
        await worker.note(job: message.job, isFirst ? .counted : .repeated)
        guard isFirst else { return }
        let done = UInt64(isDone.count)
        providers.observer.note(.progress(done: done, of: jobs), of: number)
        if done == jobs { providers.observer.note(.finished(correct: isCorrect), of: number) }
    }

    /// Gives jobs to the workers that are free, for as long as there are both.
    private func giveOut() async {
        while let worker = free.first, let (job, turn) = takeJob() {
            free.removeFirst()
            given.append((job, providers.time.now.advanced(by: lease), worker))
            await worker.note(job: job, turn)
            changed.notify()
            do throws(NetworkError) {
                try await worker.send(JobMessage(.job, job: job).encoded())
            } catch {
                // It is gone: the job is for the next one.
                given.removeAll { $0.job == job }
                again.append(job)
                await worker.note(job: job, .returned)
            }
        }
    }

    private func takeJob() -> (job: UInt64, turn: JobTurn)? {
        if let job = again.popFirst() { return (job, .givenAgain) }
        guard next <= jobs else { return nil }
        defer { next += 1 }
        return (next, .given)
    }

    func watchLeases() async {
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
                await first.worker.note(job: first.job, .leaseOver)
            }
            await giveOut()
        }
    }
}
