/// When Linux's timers come: they stand in a wheel whose slots are a tick wide, and eight times as wide for what is further off
/// (`kernel/time/timer.c`). They are late by that, and never early.
package enum TimerWheel {
    /// Ticks by which a timer is told at the first level; each further one takes eight times as many.
    private static let first: Int64 = 63
    /// Levels of the wheel.
    private static let levels = 9

    /// When a timer comes.
    ///
    /// - Parameters:
    ///   - due: when it should, in nanoseconds.
    ///   - now: when it is set.
    ///   - hz: ticks a second; 0 for a clock without any.
    package static func arrival(of due: Int64, setAt now: Int64, hz: Int32) -> Int64 {
        guard hz > 0, due > now else { return due }
        let tick = 1_000_000_000 / Int64(hz)
        let wait = (due - now - 1) / tick + 1
        var level = 0
        while level < levels - 1, wait >= first << Int64(3 * level) { level += 1 }
        // The slot behind the one that it belongs to: the tick under way has begun already (`calc_index`).
        let width = Int64(3 * level)
        let slot = (now / tick + wait) >> width + 1
        let (ticks, overflow) = (slot << width).multipliedReportingOverflow(by: tick)
        return overflow ? .max : ticks
    }
}
