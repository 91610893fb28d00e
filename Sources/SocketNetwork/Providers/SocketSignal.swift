internal import NIOCore
internal import PeerNetworking

/// A condition that tasks of a process wait for and others announce.
final class SocketSignal: Signal {
    private let executor: EventLoopExecutor
    private let start: NIODeadline
    private let core: Confined<SignalCore>

    init(_ process: SocketProcess) {
        executor = process.executor
        start = process.run.start
        core = Confined(SignalCore(process.life.reference), to: process.executor)
    }

    func wait() async throws(NetworkError) {
        let core = core
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) in
                try await core.value.wait()
            }
        }
        try await core.value.wait()
    }

    func wait(until deadline: Instant, for purpose: String) async throws(NetworkError) {
        let core = core
        let due = NIODeadline(deadline, since: start)
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) in
                try await core.value.wait(until: due)
            }
        }
        try await core.value.wait(until: due)
    }

    func notify() {
        if executor.isOnLoop { return core.value.notify() }
        let core = core
        executor.onLoop { core.value.notify() }
    }
}

/// Those that wait for a signal. On the loop only.
private final class SignalCore {
    private let life: ProcessLife
    @exclusivity(unchecked) private var notifications: UInt64 = 0
    @exclusivity(unchecked) private var waiting = Roster<WaitSlot>()
    /// Whether one waits that has not been notified; those that were are in the roster until they have run.
    @exclusivity(unchecked) private var isAwaited = false
    /// For the common case of one that waits.
    private let only = WaitSlot()

    init(_ life: ProcessLife) {
        self.life = life
    }

    /// - Parameter due: when to wait no longer; nil to wait for a notification alone.
    func wait(until due: NIODeadline? = nil) async throws(NetworkError) {
        let before = notifications
        let slot = waiting.isEmpty && !only.isOccupied ? only : WaitSlot()
        let number = waiting.add(slot)
        isAwaited = true
        // A kill wakes the process's own tasks; it must be told of others.
        let sleep = TaskRecord.current == nil ? life.addSleep(slot) : nil
        let timer = due.map { life.wake(slot, at: $0) }
        defer {
            timer?.cancel()
            waiting.remove(number)
            if let sleep { life.removeSleep(sleep) }
        }
        while notifications == before {
            if life.isDead || Task.isCancelled { throw NetworkError(.cancelled, during: .sleep) }
            if let due, due <= .now() { return }
            await slot.park(on: life.executor)
        }
    }

    func notify() {
        guard isAwaited else { return }
        isAwaited = false
        notifications += 1
        for slot in waiting.inOrder { slot.wake() }
    }
}
