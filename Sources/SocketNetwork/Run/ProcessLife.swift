internal import NIOConcurrencyHelpers
internal import NIOCore
internal import PeerNetworking

/// What a process owns: its tasks, sockets, listeners and sleeps, each in the order of creation. On the loop only.
final class ProcessLife {
    /// What may be read from any thread.
    struct Counts {
        var tasks = 0
        var sockets = 0
        var isDead = false
    }

    let run: RunState
    let host: String
    /// By what the run's observer knows it.
    let number: Int?
    let executor: EventLoopExecutor
    /// For the sockets that are made from now on.
    @exclusivity(unchecked) var options: SocketOptions
    let counts: NIOLockedValueBox<Counts>
    /// What a lab does to its calls; nil in production.
    let faults: (any SocketFaults)?
    /// Connections that listeners have from the kernel and nobody has accepted.
    @exclusivity(unchecked) var unaccepted = 0

    /// Dead handles have no effect and throw `cancelled`.
    @exclusivity(unchecked) private(set) var isDead = false
    @exclusivity(unchecked) private var tasks = Roster<TaskRecord>()
    @exclusivity(unchecked) private var streams = Roster<StreamCore>()
    @exclusivity(unchecked) private var listeners = Roster<ListenerCore>()
    @exclusivity(unchecked) private var sleeps = Roster<WaitSlot>()
    /// Where one waits for the end, and for a time.
    @exclusivity(unchecked) private var endWatch: WaitSlot?
    @exclusivity(unchecked) private var awaitingEnd: [UnsafeContinuation<Void, Never>] = []

    init(
        run: RunState, host: String, number: Int?, on executor: EventLoopExecutor, options: SocketOptions,
        faults: (any SocketFaults)?, counts: NIOLockedValueBox<Counts>
    ) {
        self.run = run
        self.host = host
        self.number = number
        self.options = options
        self.faults = faults
        self.counts = counts
        self.executor = executor
    }

    /// Sockets that its application has open, listeners and attempts to connect included.
    var openSockets: Int { streams.count + listeners.count - unaccepted }
    var openStreams: [StreamCore] { streams.inOrder }
    var openListeners: [ListenerCore] { listeners.inOrder }

    var isEmpty: Bool { tasks.isEmpty && streams.isEmpty && listeners.isEmpty }

    // MARK: Tasks

    /// Starts a task; on a dead process it ends without having run.
    func start(_ record: TaskRecord, _ operation: @escaping @Sendable () async -> Void) {
        guard !isDead else {
            record.endWithoutRunning()
            return
        }
        let number = tasks.add(record)
        publish()
        let life = Confined(self, to: executor)
        record.start(on: executor, operation) {
            life.value.tasks.remove(number)
            life.value.publish()
        }
    }

    // MARK: Sockets and sleeps

    func add(_ stream: StreamCore) -> Int {
        let number = streams.add(stream)
        publish()
        return number
    }

    func removeStream(_ number: Int) {
        streams.remove(number)
        publish()
    }

    func add(_ listener: ListenerCore) -> Int {
        let number = listeners.add(listener)
        publish()
        return number
    }

    func removeListener(_ number: Int) {
        listeners.remove(number)
        publish()
    }

    func addSleep(_ slot: WaitSlot) -> Int { sleeps.add(slot) }

    func removeSleep(_ number: Int) { sleeps.remove(number) }

    // MARK: Stopping

    func pause() {
        guard !isDead else { return }
        executor.hold()
        for listener in listeners.inOrder { listener.takeNothing() }
    }

    func resume() {
        guard executor.isHeld else { return }
        executor.release()
        for stream in streams.inOrder { stream.readOn() }
        for listener in listeners.inOrder { listener.accepter.wake() }
    }

    // MARK: What is done to connections from outside

    /// Breaks all connections off, so that both sides are told of a reset.
    func breakConnectionsOff() { for stream in streams.inOrder { stream.breakOff() } }

    /// Its open connections, and its side of each, oldest first.
    var connections: [(connection: ConnectionID, side: SocketSide)] {
        streams.inOrder.filter(\.isEstablished).map { ($0.connection, $0.side) }
    }

    /// Ends what this process sends on each connection.
    func halfCloseConnections() { for stream in streams.inOrder { try? stream.shutdownWrite() } }

    // MARK: The end

    /// Ends the process as the kernel ends one that is killed.
    func kill() {
        guard !isDead else { return }
        isDead = true
        // A process that is stopped can be killed.
        resume()
        for record in tasks.inOrder { record.cancel() }
        for stream in streams.inOrder { stream.close() }
        for listener in listeners.inOrder { listener.close() }
        // Tasks from elsewhere that sleep on this process's clock.
        for slot in sleeps.inOrder { slot.wake() }
        publish()
    }

    /// Waits until nothing of the process is left.
    func ended() async {
        while !isEmpty {
            await withUnsafeContinuation { awaitingEnd.append($0) }
        }
    }

    /// Listens no more: who waits to accept is told that the listener is closed, and what waits in a backlog is reset.
    func stopListening() {
        for listener in listeners.inOrder { listener.close() }
    }

    /// Waits until nothing of the process is left, and no longer than until a time.
    func ended(until deadline: NIODeadline) async {
        let slot = WaitSlot()
        let number = sleeps.add(slot)
        defer { sleeps.remove(number) }
        let timer = wake(slot, at: deadline)
        endWatch = slot
        while !isEmpty, !isDead, deadline > .now() { await slot.park(on: executor) }
        endWatch = nil
        timer.cancel()
    }

    private func publish() {
        let now = Counts(tasks: tasks.count, sockets: streams.count + listeners.count, isDead: isDead)
        counts.withLockedValue { $0 = now }
        if isEmpty { endWatch?.wake() }
        if isEmpty, !awaitingEnd.isEmpty {
            let waiting = awaitingEnd
            awaitingEnd = []
            for continuation in waiting { continuation.resume() }
        }
    }
}
