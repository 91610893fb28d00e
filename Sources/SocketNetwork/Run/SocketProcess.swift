internal import NIOConcurrencyHelpers
internal import NIOCore
public import PeerNetworking

/// One process of a host on real sockets: it owns the tasks, streams and listeners that were made through its
/// providers.
///
/// Its methods may be called from any thread.
public final class SocketProcess: Sendable {
    /// The name of the host it runs on.
    public let host: String
    /// What its tasks and actors run on.
    public let executor: EventLoopExecutor

    let run: SocketRun
    let life: Confined<ProcessLife>
    private let counts: NIOLockedValueBox<ProcessLife.Counts>

    /// - Parameter executor: over the run's loop.
    init(
        run: SocketRun, host: String, number: Int?, options: SocketOptions, on executor: EventLoopExecutor,
        faults: (any SocketFaults)? = nil
    ) {
        self.run = run
        self.host = host
        self.executor = executor
        counts = NIOLockedValueBox(ProcessLife.Counts())
        life = Confined(
            ProcessLife(
                run: run.state.reference, host: host, number: number, on: executor, options: options, faults: faults,
                counts: counts),
            to: executor)
    }

    /// A process for an application in production: names are resolved by the system, listeners bind what they are told.
    ///
    /// - Parameters:
    ///   - executor: the executor over the event loop that all of the process runs on, which must outlive it.
    ///   - seed: the seed of its random draws.
    ///   - options: the limits of its sockets.
    public convenience init(on executor: EventLoopExecutor, seed: UInt64, options: SocketOptions = SocketOptions()) {
        self.init(
            run: SocketRun(on: executor, seed: seed, options: options), host: "localhost", number: nil,
            options: options,
            on: executor)
    }

    /// The providers that the code of this process is given.
    public func providers(
        buggify: Buggify = .off, observer: any PeerObserver = SilentObserver()
    ) -> Providers {
        Providers(
            network: SocketNetworkProvider(self), time: SocketTimeProvider(self), tasks: SocketTaskProvider(self),
            random: run.random, buggify: buggify, observer: observer)
    }

    /// Starts a task and runs it until it waits for the first time. On the loop only.
    package func start(_ name: String, _ operation: @escaping @Sendable () async -> Void) {
        executor.turn { life.value.start(TaskRecord(name: name), operation) }
    }

    /// How many of its tasks have not ended.
    public var liveTasks: Int { counts.withLockedValue(\.tasks) }

    /// How many sockets it has open, listeners and connection attempts included.
    ///
    /// A stream that both sides have ended counts as closed, whether or not `close()` was called.
    public var openSockets: Int { counts.withLockedValue(\.sockets) }

    /// Whether it was killed or shut down.
    public var isDead: Bool { counts.withLockedValue(\.isDead) }

    /// Kills the process as `SIGKILL` does.
    ///
    /// Its tasks are cancelled in the order of their creation; its sockets are closed as the kernel closes them: the
    /// other side sees the end of the stream, or a reset where bytes were unread. From then on its handles have no
    /// effect and throw `cancelled`, and tasks started on it end without running. On the loop this happens before the
    /// call returns.
    public func kill() {
        onLife { $0.kill() }
    }

    private func onLife(_ action: @escaping @Sendable (ProcessLife) -> Void) {
        let life = life
        executor.onLoop { action(life.value) }
    }

    /// Stops the process as `SIGSTOP` does: its tasks wait, and nothing is read any more, while its kernel goes on and
    /// acknowledges until the receive buffers are full.
    package func pause() {
        onLife { $0.pause() }
    }

    /// Lets a process that was stopped go on.
    package func resume() {
        onLife { $0.resume() }
    }

    /// Breaks all its connections off, so that both sides are told of a reset.
    package func breakConnectionsOff() {
        onLife { $0.breakConnectionsOff() }
    }

    /// Sets the options of the sockets that it makes from then on.
    package func set(_ options: SocketOptions) {
        onLife { $0.options = options }
    }

    /// Its open connections, and its side of each, oldest first. On the loop only.
    package var connections: [(connection: ConnectionID, side: SocketSide)] { life.value.connections }

    /// Ends what it sends on each of its connections, as if it had shut down the writing half.
    package func halfCloseConnections() {
        onLife { $0.halfCloseConnections() }
    }

    /// Something that is done to its calls has changed: those who wait look again.
    package func lookAgain() {
        onLife { $0.lookAgain() }
    }

    /// Kills the process and waits until all its tasks have ended and all its sockets are closed.
    ///
    /// Bytes written before are still sent; for those a socket may stay open for up to a minute. Do not call it from a
    /// task of the process itself: it would wait for its own end.
    public func shutdown() async {
        let life = life
        await LoopGate(run.executor).run {
            life.value.kill()
            await life.value.ended()
        }
    }

    /// Ends the process gracefully: it listens no more, what it does may come to its end, and what has not by then is killed.
    ///
    /// An `accept()` that waits throws `closed`. Do not call it from a task of the process itself, nor twice at a time.
    ///
    /// - Parameter grace: how long its tasks and sockets may take.
    public func shutdown(grace: Duration) async {
        let life = life
        await LoopGate(executor).run {
            life.value.stopListening()
            await life.value.ended(until: .now() + .nanoseconds(grace.inNanoseconds))
        }
        await shutdown()
    }

    /// Waits until no task of the process is left and no socket is open, without ending either.
    package func drained() async {
        let life = life
        await LoopGate(executor).run { await life.value.ended() }
    }
}
