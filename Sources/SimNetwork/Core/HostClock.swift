/// A host's clock: virtual time, off by something, and running fast or slow.
struct HostClock: Hashable {
    /// Nanoseconds that it is ahead at ``since``.
    var offset: Int64 = 0
    /// Nanoseconds that it gains a second.
    var drift: Int64 = 0
    /// The virtual time from which it drifts.
    var since: Int64 = 0

    @inline(__always)
    var isExact: Bool { offset == 0 && drift == 0 }

    /// What it shows at a virtual time, not before ``since``.
    func reading(at time: Int64) -> Int64 {
        let passed = (time - since).multipliedFullWidth(by: HostClock.second + drift)
        return since + offset + HostClock.second.dividingFullWidth(passed).quotient
    }

    /// The first virtual time at which it shows `reading` or more, if nobody sets it.
    ///
    /// One that is more than a century away is taken for a century away.
    func time(showing reading: Int64) -> Int64 {
        let left = min(reading, HostClock.century) - offset - since
        guard left > 0 else { return since }
        let pace = HostClock.second + drift
        let (whole, rest) = pace.dividingFullWidth(left.multipliedFullWidth(by: HostClock.second))
        // A nanosecond earlier it does not show it yet.
        return since + whole + (rest > 0 ? 1 : 0)
    }

    private static let second: Int64 = 1_000_000_000
    private static let century: Int64 = 100 * 365 * 86_400 * second
}
