import NIOCore
import PeerNetworking

/// Does jobs, one at a time.
public struct Worker: Workload {
    /// What a lab file may say.
    public struct Parameters: WorkloadParameters {
        /// How long a job takes.
        public var takes = TimeSpan.milliseconds(100)

        /// A tenth of a second a job.
        public init() {}
    }

    /// Its name in lab files.
    public static let name = JobQueue.name
    /// It connects.
    public static let role = WorkloadRole.connects

    /// Its parameters.
    public let parameters: Parameters

    /// Makes a worker.
    public init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    /// It counts the jobs that it has done, and works on without end.
    public var tale: WorkloadTale { WorkloadTale(countsTo: .max, finishes: false) }

    /// Works until its process ends or its peer gives up.
    public func run(_ context: PeerContext) async {
        let (providers, number) = (context.providers, context.register())
        let (takes, time, observer) = (parameters.takes.duration, providers.time, providers.observer)
        let count = JobCount(executor: providers.tasks.executor)
        let peer = Peer(name: context.name, to: context.remote, config: context.config, providers: providers) {
            message, session in
            guard let job = JobMessage(message.payload), job.kind == .job else { return }
            session.note(job: job.job, .begun)
            if takes > .zero, (try? await time.sleep(for: takes)) == nil { return }
            session.note(job: job.job, .done)
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
        await peer.close()
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
