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
    /// Whether one waits that has not been notified.
    @exclusivity(unchecked) private var isAwaited = false
    /// For the common case of one that waits, and those that wait besides.
    private let only = WaitSlot()
    @exclusivity(unchecked) private var isOnlyTaken = false
    @exclusivity(unchecked) private var others = Roster<WaitSlot>()

    init(_ life: ProcessLife) {
        self.life = life
    }

    /// - Parameter due: when to wait no longer; nil to wait for a notification alone.
    func wait(until due: NIODeadline? = nil) async throws(NetworkError) {
        if isOnlyTaken {
            let slot = WaitSlot()
            let number = others.add(slot)
            defer { others.remove(number) }
            try await wait(at: slot, until: due)
        } else {
            isOnlyTaken = true
            defer { isOnlyTaken = false }
            try await wait(at: only, until: due)
        }
    }

    private func wait(at slot: WaitSlot, until due: NIODeadline?) async throws(NetworkError) {
        let before = notifications
        isAwaited = true
        // A kill wakes the process's own tasks; it must be told of others.
        let record = TaskRecord.current?.value
        let sleep = record == nil ? life.addSleep(slot) : nil
        let timer = due.map { life.wake(slot, at: $0) }
        defer {
            timer?.cancel()
            if let sleep { life.removeSleep(sleep) }
        }
        while notifications == before {
            if life.isDead || Task.isCancelled { throw NetworkError(.cancelled, during: .sleep) }
            if let due, due <= .now() { return }
            await slot.park(on: life.executor, by: record)
        }
    }

    func notify() {
        guard isAwaited else { return }
        isAwaited = false
        notifications += 1
        if isOnlyTaken { only.wake() }
        if !others.isEmpty { for slot in others.inOrder { slot.wake() } }
    }
}
