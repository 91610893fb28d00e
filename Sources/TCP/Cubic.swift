/// CUBIC (RFC 9438) as Linux has it (`tcp_cubic.c`): its numbers are integers, and its clock has 250 ticks a second.
struct Cubic: Blank {
    /// The window before the last loss, in segments.
    private var lastMaximum: Int32 = 0
    private var every: Int32 = 0
    /// When the growth since then began; 0 for not yet.
    private var epoch: Int64 = 0
    /// When the curve is at its origin, in 1/1,024 s since the epoch.
    private var k: Int64 = 0
    /// The window there.
    private var origin: Int32 = 0
    /// What Reno's window would be, and what has been acknowledged for it.
    private var renoWindow: Int32 = 0
    private var acknowledged: Int32 = 0
    private var lastWindow: Int32 = 0
    private var lastTime: Int64 = .min

    /// 717/1,024 of the window stay after a loss.
    private static let beta: Int32 = 717
    private static let scale: Int32 = 1_024
    /// Reno's growth that is as fair: 8 × (scale + β) / 3 / (scale − β).
    private static let betaScale: Int32 = 8 * (scale + beta) / 3 / (scale - beta)
    /// The constant C, 0.4 as 410/1,024.
    private static let rttScale: Int64 = 410
    private static let cubeFactor: Int64 = (1 << 40) / rttScale
    /// A tick of the kernel's clock: 4 ms.
    private static let tick: Int64 = 4_000_000
    private static let second: Int64 = 1_000_000_000

    /// Whether the growth since a loss began less than a second ago.
    func beganJustNow(at now: Int64) -> Bool { epoch > 0 && now - epoch < Self.second }

    mutating func threshold(afterLossAt window: Int32) -> Int32 {
        epoch = 0
        // A window that did not come up to the one before makes room for others (fast convergence).
        lastMaximum =
            window < lastMaximum
            ? Int32(Int64(window) * Int64(Self.scale + Self.beta) / Int64(2 * Self.scale)) : window
        return Int32(Int64(window) * Int64(Self.beta) / Int64(Self.scale))
    }

    /// The time in which there was nothing to send does not count.
    mutating func shift(by idle: Int64, at now: Int64) {
        if epoch > 0, idle > 0 { epoch = min(epoch + idle, now) }
    }

    /// How many segments have to be acknowledged for the window to grow by one.
    ///
    /// - Parameter leastDelay: the least round trip, in nanoseconds.
    mutating func segments(
        beforeGrowing window: Int32, _ newly: Int32, _ leastDelay: Int64, at now: Int64
    ) -> Int32 {
        // The kernel's clock is coarse, and so is what it decides.
        let now = now / Self.tick * Self.tick
        acknowledged += newly
        if window == lastWindow, lastTime != .min, now - lastTime <= Self.second / 32 { return every }
        if epoch == 0 || now != lastTime { followCurve(window, newly, leastDelay, now) }
        followReno(window)
        every = max(every, 2)
        return every
    }

    private mutating func followCurve(_ window: Int32, _ newly: Int32, _ leastDelay: Int64, _ now: Int64) {
        lastWindow = window
        lastTime = now
        if epoch == 0 {
            epoch = max(now, 1)
            acknowledged = newly
            renoWindow = window
            if lastMaximum <= window {
                (k, origin) = (0, window)
            } else {
                k = Self.cubeRoot(Self.cubeFactor * Int64(lastMaximum - window))
                origin = lastMaximum
            }
        }
        let since = (now - epoch + leastDelay) / Self.tick
        let time = (since << 10) * Self.tick / Self.second
        let distance = abs(time - k)
        let delta = Int32(clamping: Self.multiplied(Self.rttScale, distance) >> 40)
        let target = time < k ? origin &- delta : origin &+ delta
        every = target > window ? window / (target - window) : 100 * window
        // The first curve has no maximum to come to.
        if lastMaximum == 0, every > 20 { every = 20 }
    }

    /// Not less than what Reno would have.
    private mutating func followReno(_ window: Int32) {
        let each = max(1, Int32(clamping: (Int64(window) * Int64(Self.betaScale)) >> 3))
        while acknowledged > each {
            acknowledged -= each
            renoWindow += 1
        }
        if renoWindow > window {
            let most = window / (renoWindow - window)
            if every > most { every = most }
        }
    }

    /// `factor × distance³`, at most what fits.
    private static func multiplied(_ factor: Int64, _ distance: Int64) -> Int64 {
        var product = factor
        for _ in 0..<3 {
            let (value, overflow) = product.multipliedReportingOverflow(by: distance)
            if overflow { return .max }
            product = value
        }
        return product
    }

    /// The integer cube root.
    private static func cubeRoot(_ value: Int64) -> Int64 {
        guard value > 0 else { return 0 }
        var low: Int64 = 0
        var high: Int64 = 2_097_151
        while low < high {
            let middle = (low + high + 1) / 2
            if middle * middle * middle <= value { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
