import Bug
public import PeerNetworking

/// What a process runs: started again, with fresh providers, at each restart.
public typealias Program = @Sendable (Providers) async -> Void

/// One life of a process, from start to exit or kill: its executor, tasks, sockets and listeners.
final class ProcessLife: TaskHome {
    let process: Process
    let jobs: ProcessJobs
    let executor: ProcessExecutor
    let taskExecutor: ProcessTaskExecutor
    let actor: ProcessActor
    /// Dead handles have no effect, draw nothing and record nothing.
    @exclusivity(unchecked) var isDead = false
    /// Its tasks in the order of their creation.
    @exclusivity(unchecked) var tasks: [TaskRecord] = []
    @exclusivity(unchecked) var liveTasks = 0
    @exclusivity(unchecked) var sockets: [Socket] = []
    @exclusivity(unchecked) var listeners: [ListeningSocket] = []
    /// Ends it, when it has no task left.
    private let exit: (ProcessLife) -> Void
    /// Sockets and listeners that it has open.
    @exclusivity(unchecked) private var descriptors: Int32 = 0

    /// Begins a life.
    ///
    /// - Parameter exit: ends it, when it has no task left.
    init(process: Process, ready: ReadyQueue, exit: @escaping (ProcessLife) -> Void) {
        self.process = process
        self.exit = exit
        process.lives += 1
        jobs = ProcessJobs(
            name: process.stableName, key: Draw.scope(site: process.key, subject: process.lives), ready: ready)
        taskExecutor = ProcessTaskExecutor(jobs: jobs)
        executor = ProcessExecutor(jobs: jobs)
        jobs.run(as: executor, taskExecutor)
        actor = ProcessActor(executor: executor)
    }

    /// Whether the task that runs now is to end: it has been cancelled, or this life is over.
    @inline(__always)
    var endsRunningTask: Bool { isDead || jobs.ready.isTaskCancelled }

    /// Throws `cancelled` where the task that runs now is to end.
    ///
    /// Not inlined: a function that waits would keep room for the error all the while.
    @inline(never)
    func checkTask(during operation: NetworkError.Operation) throws(NetworkError) {
        guard endsRunningTask else { return }
        countRefused()
        throw NetworkError(.cancelled, during: operation)
    }

    /// Counts a call that has no effect because the task that made it is to end.
    @inline(never)
    func countRefused() {
        refused += 1
        insist(
            refused < Self.mostRefused,
            "a task of \(jobs.name) goes on after \(refused) calls were cancelled: it must end when they are")
    }

    @exclusivity(unchecked) private var refused = 0
    /// More than any task makes that looks at what its calls throw.
    private static let mostRefused = 10_000_000

    func taskEnded() {
        liveTasks -= 1
        if liveTasks == 0, !isDead { exit(self) }
    }

    @inline(__always)
    func openDescriptor() {
        descriptors += 1
        process.host.openSockets += 1
    }

    @inline(__always)
    func closeDescriptor() {
        // Those of a life that has ended were closed with it.
        guard descriptors > 0 else { return }
        descriptors -= 1
        process.host.openSockets -= 1
    }

    func closeDescriptors() {
        process.host.openSockets -= descriptors
        descriptors = 0
    }
}

/// A process of a host: a program that may be started, killed, paused and restarted.
final class Process {
    let id: ProcessID
    let host: Host
    let name: String
    let program: Program
    /// `host/process`: its name among all processes, and what its draws are made for.
    let stableName: String
    /// The stable hash of that.
    let key: UInt64
    @exclusivity(unchecked) var state: ProcessState = .defined
    @exclusivity(unchecked) var life: ProcessLife?
    /// Lives so far.
    @exclusivity(unchecked) var lives: UInt64 = 0
    /// A fault ended it, by whatever means: healing starts it again.
    @exclusivity(unchecked) var wasEndedByFault = false
    /// What is done to its reads and writes.
    let io = IOFaults()

    init(id: ProcessID, host: Host, name: String, program: @escaping Program) {
        self.id = id
        self.host = host
        self.name = name
        self.program = program
        stableName = "\(host.name)/\(name)"
        key = Draw.stableHash(stableName)
    }
}
