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
        if host.clock.isExact, host.slowTimers == nil { return deadline > now ? deadline : nil }
        return skewedDue(deadline, on: process)
    }

    private func skewedDue(_ deadline: Int64, on process: Process) -> Int64? {
        let host = process.host
        let left = deadline - reading(of: host)
        guard left > 0 else { return nil }
        if !host.clock.isExact { emit(.struck(.clockSkew, host.id)) }
        var due = now + max(1, host.clock.virtual(left))
        if let slow = host.slowTimers {
            let key = Draw.stableHash("\(host.name)/\(process.name)")
            if strikes(.timerSlow, slow.probability, for: .process(process.id), key: key) {
                let bits = draw(DrawKey(site: World.latenessSite, subject: key))
                due += Int64(bits.multipliedFullWidth(by: UInt64(slow.most) + 1).high)
                emit(.struck(.slowTimers, host.id))
            }
        }
        return due
    }

    private static let latenessSite = Draw.stableHash("timer.lateness")
}
