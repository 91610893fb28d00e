import Bug
internal import NIOConcurrencyHelpers
internal import NIOCore
public import PeerNetworking

/// A run on real sockets: the processes that share one event loop, one clock, one seed and the numbers of connections.
public final class SocketRun: Sendable {
    /// What the run's own tasks run on; each process has one of its own over the same loop.
    public let executor: EventLoopExecutor
    /// The run's hosts and their addresses; nil where names are resolved by the system.
    public let directory: HostDirectory?
    /// The run's random draws.
    public let random: SocketRandomProvider
    /// The limits of the run's sockets.
    public let options: SocketOptions

    /// When the run began, on the machine's monotonic clock.
    let start: NIODeadline
    let state: Confined<RunState>
    private let processes = NIOLockedValueBox<[SocketProcess]>([])

    /// Begins a run.
    ///
    /// - Parameters:
    ///   - executor: the executor over the one event loop; the loop must outlive the run.
    ///   - seed: the seed of all random draws.
    ///   - directory: the hosts of a lab, which the run closes at its end; nil to use the system's names and addresses.
    ///   - options: the limits of the run's sockets.
    public convenience init(
        on executor: EventLoopExecutor, seed: UInt64, directory: HostDirectory? = nil,
        options: SocketOptions = SocketOptions()
    ) {
        self.init(
            on: executor, seed: seed, directory: directory, options: options, observer: nil, book: ConnectionBook())
    }

    /// Begins a run that tells an observer what its sockets do, and has its connections' numbers from a book.
    package init(
        on executor: EventLoopExecutor, seed: UInt64, directory: HostDirectory? = nil,
        options: SocketOptions = SocketOptions(), observer: (any SocketObserver)?,
        book: ConnectionBook = ConnectionBook(), names: NameSource? = nil
    ) {
        self.executor = executor
        self.directory = directory
        self.options = options
        random = SocketRandomProvider(seed: seed)
        start = .now()
        state = Confined(
            RunState(executor: executor, directory: directory, observer: observer, book: book, names: names),
            to: executor)
    }

    /// Makes a process on a host; a restart is a new process on the same host.
    ///
    /// - Parameter host: a name of the directory, where the run has one.
    public func makeProcess(on host: String) -> SocketProcess {
        makeProcess(on: host, number: nil, options: options, faults: nil)
    }

    /// Makes a process on a host, which the run's observer knows by a number, with options of its own, and to whose calls
    /// something may be done.
    package func makeProcess(
        on host: String, number: Int?, options: SocketOptions, faults: (any SocketFaults)?
    ) -> SocketProcess {
        insist(directory?.address(of: host) != nil || directory == nil, "'\(host)' is not a host of this run")
        let process = SocketProcess(
            run: self, host: host, number: number, options: options, on: EventLoopExecutor(executor.loop),
            faults: faults)
        processes.withLockedValue { all in
            all.removeAll { $0.isDead && $0.liveTasks == 0 && $0.openSockets == 0 }
            all.append(process)
        }
        return process
    }

    /// The time since the run began.
    public var now: Instant { Instant(nanoseconds: (NIODeadline.now() - start).nanoseconds) }

    /// Kills all processes, then waits until none has a task or an open socket, and gives the directory's ports back.
    public func shutdown() async {
        let all = processes.withLockedValue { $0 }
        // All first: one may hold on to bytes that another no longer reads.
        for process in all { process.kill() }
        for process in all { await process.shutdown() }
        processes.withLockedValue { $0.removeAll { $0.isDead } }
        directory?.close()
    }

    /// Shuts down without waiting for what sockets have still to send, and calls `done` on the loop then: for who waits for it on
    /// a thread. The loop alone is needed for it: all threads that tasks run on may be waiting so.
    package func shutdown(then done: @escaping @Sendable () -> Void) {
        executor.onLoop { [self] in
            let all = processes.withLockedValue { $0 }
            for process in all { process.kill() }
            // Once they are dead: a socket that was closed holds on to its bytes for a minute where nobody takes them.
            executor.loop.execute {
                for process in all { for stream in process.life.value.openStreams { stream.abort() } }
            }
            TaskRecord(name: "shutdown").start(on: executor, { [self] in await shutdown() }, whenEnded: done)
        }
    }

    /// Breaks a connection off at one of its ends, so that both are told of a reset: the one that is given, or the first that is
    /// here. On the loop only.
    package func breakOff(_ connection: ConnectionID, at side: SocketSide? = nil) {
        for side in side.map({ [$0] }) ?? SocketSide.allCases {
            guard let stream = state.value.stream(connection, side) else { continue }
            return stream.breakOff()
        }
    }

    /// Ends what one side of a connection sends, as if its application had shut down the writing half. On the loop only.
    package func halfClose(_ connection: ConnectionID, _ side: SocketSide) {
        try? state.value.stream(connection, side)?.shutdownWrite()
    }

    /// Sets an option of one end of a connection; nothing happens where that end is closed here. On the loop only.
    package func set(_ option: KernelOption, of connection: ConnectionID, _ side: SocketSide) {
        guard let channel = state.value.stream(connection, side)?.context?.channel else { return }
        try? KernelOption.set([option], of: channel)
    }

    /// What the kernel says of one end of a connection; nil when that end is closed here. On the loop only.
    package func kernelState(of connection: ConnectionID, side: SocketSide) -> SocketKernelState? {
        executor.loop.preconditionInEventLoop()
        return state.value.stream(connection, side)?.kernelState()
    }
}
