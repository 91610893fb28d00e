public import PeerNetworking

/// What a process runs: started again, with fresh providers, at each restart.
public typealias Program = @Sendable (Providers) async -> Void

/// Where a process is in its life.
public enum ProcessState: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Defined and not started yet.
    case defined
    /// Running.
    case running
    /// Stopped by a signal, its sockets alive in the kernel.
    case paused
    /// Ended by itself.
    case exited
    /// Killed.
    case killed
    /// Its host has no power.
    case off

    /// The state in words.
    public var description: String {
        switch self {
        case .defined: "defined"
        case .running: "running"
        case .paused: "paused"
        case .exited: "exited"
        case .killed: "killed"
        case .off: "off"
        }
    }
}

/// One life of a process, from start to exit or kill: its executor, tasks, sockets and listeners.
final class ProcessLife {
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

    init(process: Process, ready: ReadyQueue) {
        self.process = process
        jobs = ProcessJobs(name: "\(process.host.name)/\(process.name)", ready: ready)
        taskExecutor = ProcessTaskExecutor(jobs: jobs)
        executor = ProcessExecutor(jobs: jobs)
        jobs.run(as: executor, taskExecutor)
        actor = ProcessActor(executor: executor)
    }
}

/// A process of a host: a program that may be started, killed, paused and restarted.
final class Process {
    let id: ProcessID
    let host: Host
    let name: String
    let program: Program
    @exclusivity(unchecked) var state: ProcessState = .defined
    @exclusivity(unchecked) var life: ProcessLife?
    /// Bytes a second that its reads are held to; 0 for no limit.
    @exclusivity(unchecked) var readRate: Int64 = 0
    /// No read before this time, while a rate limits it.
    @exclusivity(unchecked) var nextReadAt: Int64 = 0

    init(id: ProcessID, host: Host, name: String, program: @escaping Program) {
        self.id = id
        self.host = host
        self.name = name
        self.program = program
    }
}

/// A host: a kernel with ports and sockets, and processes.
final class Host {
    let id: HostID
    let name: String
    let tcp: TCPOptions
    @exclusivity(unchecked) var isOn = true
    @exclusivity(unchecked) var processes: [Process] = []
    /// Listeners by port; looked up, never iterated over.
    @exclusivity(unchecked) var listeners: [UInt16: ListeningSocket] = [:]
    /// The next ephemeral port to try (Linux's range, 32,768…60,999).
    @exclusivity(unchecked) var nextEphemeralPort: UInt16 = 32_768
    /// Local ports that connections use; looked up, never iterated over.
    @exclusivity(unchecked) var portsInUse: Set<UInt16> = []
    /// The host's sockets, in order of creation, for power loss.
    @exclusivity(unchecked) var sockets: SocketList = SocketList()

    init(id: HostID, name: String, tcp: TCPOptions) {
        self.id = id
        self.name = name
        self.tcp = tcp
    }

    /// A free local port of the ephemeral range, or nil when all are taken.
    func takeEphemeralPort() -> UInt16? {
        for _ in 32_768...60_999 {
            let port = nextEphemeralPort
            nextEphemeralPort = port == 60_999 ? 32_768 : port + 1
            if !portsInUse.contains(port), listeners[port] == nil {
                portsInUse.insert(port)
                return port
            }
        }
        return nil
    }
}
