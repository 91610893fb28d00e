// Clocks that are off, and timers that go off late.
extension World {
    /// What a host's clock shows.
    @inline(__always)
    func reading(of host: Host) -> Int64 { host.clock.isExact ? now : host.clock.reading(at: now) }

    /// The virtual time at which a timer of a process goes off; nil for one that is due already.
    ///
    /// - Parameter deadline: by the host's clock.
    @inline(__always)
    func due(_ deadline: Int64, on process: Process) -> Int64? {
        let host = process.host
        if host.clock.isExact, host.slowTimers == nil, overrides.isEmpty { return deadline > now ? deadline : nil }
        return skewedDue(deadline, on: process)
    }

    private func skewedDue(_ deadline: Int64, on process: Process) -> Int64? {
        let host = process.host
        guard var due = clockDue(deadline, on: host) else { return nil }
        if !host.clock.isExact { emit(.struck(.clockSkew, host.id)) }
        if host.slowTimers != nil || !overrides.isEmpty {
            let slow = host.slowTimers ?? .forced
            let key = process.key
            if strikes(.timerSlow, slow.probability, for: .process(process.id), key: key) {
                // By the number of the draw that struck: what another decided moves it not.
                let number = drawCounts.number(of: Draw.scope(site: FaultSite.timerSlow.hash, subject: key))
                let bits = Draw.bits(seed: seed, site: World.latenessSite, subject: key, number: number)
                due += Int64(bits.multipliedFullWidth(by: UInt64(slow.most) + 1).high)
                emit(.struck(.slowTimers, host.id))
            }
        }
        return due
    }

    /// When a host's clock shows a time; nil where it already does.
    func clockDue(_ deadline: Int64, on host: Host) -> Int64? {
        if host.clock.isExact { return deadline > now ? deadline : nil }
        return deadline > reading(of: host) ? max(now + 1, host.clock.time(showing: deadline)) : nil
    }

    /// Sets a host's clock. Whoever waits for it to show something looks at it again.
    func set(_ clock: HostClock, of host: Host) {
        host.clock = clock
        for (id, action) in timers.all(where: { wakes($0, processOf: host) }) {
            cancel(id)
            if case .wake(let slot, _, _) = action { slot.wake() }
        }
    }

    private func wakes(_ timer: TimerAction, processOf host: Host) -> Bool {
        if case .wake(_, let process, _) = timer { processes[Int(process.index)].host === host } else { false }
    }

    private static let latenessSite = Draw.stableHash("timer.lateness")
}

extension SlowTimers {
    /// What a forced draw does where nothing else is said.
    fileprivate static let forced = SlowTimers(probability: .never, most: 100_000_000)
}
