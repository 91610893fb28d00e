internal import NIOCore
public import PeerNetworking

/// The machine's monotonic clock since the start of the run, and the event loop's timers.
public struct SocketTimeProvider: TimeProvider {
    private let process: SocketProcess

    /// The clock and timers of a process.
    public init(_ process: SocketProcess) {
        self.process = process
    }

    /// The time since the run began.
    public var now: Instant { process.run.now }

    /// Waits until the clock reads `deadline`; returns at once when it already does.
    ///
    /// - Throws: `cancelled`, as soon as the task is cancelled or its process ends.
    public func sleep(until deadline: Instant) async throws(NetworkError) {
        let life = process.life
        let start = process.run.start
        guard process.executor.isOnLoop else {
            return try await LoopGate(process.executor).run { () async throws(NetworkError) in
                try await life.value.sleep(until: deadline, since: start)
            }
        }
        try await life.value.sleep(until: deadline, since: start)
    }
}

extension ProcessLife {
    func sleep(until deadline: Instant, since start: NIODeadline) async throws(NetworkError) {
        if isDead || Task.isCancelled { throw NetworkError(.cancelled, during: .sleep) }
        let due = NIODeadline(deadline, since: start)
        if due <= .now() { return }

        let slot = WaitSlot()
        let number = addSleep(slot)
        defer { removeSleep(number) }
        let timer = wake(slot, at: due)
        while due > .now() {
            if isDead || Task.isCancelled {
                timer.cancel()
                throw NetworkError(.cancelled, during: .sleep)
            }
            await slot.park(on: executor)
        }
        timer.cancel()
    }

    func wake(_ slot: WaitSlot, at due: NIODeadline) -> Scheduled<Void> {
        executor.loop.assumeIsolated().scheduleTask(deadline: due) { slot.wake() }
    }
}

extension NIODeadline {
    /// A time of a run; NIO's deadlines end at Int64.max, some 292 years on, and later times with them.
    init(_ instant: Instant, since start: NIODeadline) {
        let (sum, overflow) = Int64(start.uptimeNanoseconds).addingReportingOverflow(instant.nanoseconds)
        self = .uptimeNanoseconds(overflow ? UInt64(Int64.max) : UInt64(max(0, sum)))
    }
}
