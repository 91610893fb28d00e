/// When what has come is acknowledged: at once, with data on the way back, or a while later (RFC 9293, 3.8.6.3), as Linux
/// decides it.
struct Acknowledging {
    /// How long one waits, by what is usual here; 0 before the first segment.
    private var wait: Int64 = 0
    /// When data came last; before any, when the connection was opened.
    private(set) var lastReceived: Int64 = 0
    /// Data segments since the last acknowledgement.
    private var unacknowledged: Int32 = 0
    /// The size of the other side's segments, as far as it is known.
    private(set) var segmentSize = Acknowledging.usualSize
    /// The size of the last that may have been a full one.
    private var lastSize: Int32 = 0
    /// Segments that are acknowledged at once before it is waited.
    private var quick: Int32 = 0
    /// An acknowledgement is wanted.
    private(set) var isPending = false
    /// It goes at once.
    private(set) var isUrgent = false
    /// Whether this end answers what it gets: then the answer carries the acknowledgement.
    private(set) var isInteractive = false
    /// A read since the last acknowledgement has been of all that was there.
    private var isPushed = false

    /// What every host takes (RFC 9293, 3.7.1), and the least that Linux believes in (`TCP_MIN_MSS`).
    private static let usualSize: Int32 = 536
    private static let leastSize: Int32 = 88

    /// Linux's `TCP_ATO_MIN` and `TCP_DELACK_MIN`.
    private static let leastWait: Int64 = 40_000_000
    /// Linux's `TCP_DELACK_MAX`.
    private static let mostWait: Int64 = 200_000_000
    /// Segments that are acknowledged at once in the beginning, at most (`TCP_MAX_QUICKACKS`).
    static let mostQuick: Int32 = 16

    /// The connection is open.
    mutating func opened(at now: Int64) { lastReceived = now }

    /// Data have come in order.
    mutating func received(_ length: Int, isPushed: Bool, at now: Int64, window: Int32, timeout: Int64) {
        isPending = true
        unacknowledged += 1
        learnSize(Int32(length), isPushed: isPushed)
        if isPushed { self.isPushed = true }
        if wait == 0 {
            beQuick(window)
            wait = Self.leastWait
        } else {
            let gap = now - lastReceived
            if gap <= Self.leastWait / 2 {
                wait = wait / 2 + Self.leastWait / 2
            } else if gap < wait {
                wait = min(wait / 2 + gap, timeout)
            } else if gap > timeout {
                // Too long a gap: the sender begins anew, and so does this.
                beQuick(window)
            }
        }
        lastReceived = now
    }

    /// Learns how large the other side's segments are: what is smaller, and not the end of what was written, counts when it
    /// comes twice (`tcp_measure_rcv_mss`).
    private mutating func learnSize(_ length: Int32, isPushed: Bool) {
        if length >= segmentSize {
            segmentSize = length
        } else if length >= Self.usualSize || (length >= Self.leastSize && !isPushed) {
            if length == lastSize { segmentSize = length }
            lastSize = length
        }
    }

    /// The next segments are acknowledged at once: as many as open the sender's window.
    private mutating func beQuick(_ window: Int32, most: Int32 = mostQuick) {
        let count = window / (2 * max(segmentSize, 1))
        quick = max(quick, min(max(count, 2), most))
    }

    /// Something came that the sender has to hear of at once: out of order, old, beyond the window.
    mutating func wantsAtOnce() {
        isPending = true
        isUrgent = true
    }

    /// The sender may be in trouble: it is answered at once for a while.
    ///
    /// - Parameter most: segments, at most.
    mutating func goesQuick(_ window: Int32, most: Int32 = mostQuick) {
        beQuick(window, most: most)
        isInteractive = false
        wait = Self.leastWait
    }

    /// What was waited for has not come (`tcp_delack_timer_handler`): where an answer was to carry the acknowledgement none is
    /// expected any more, and otherwise it is waited for longer the next time.
    mutating func hasWaited(timeout: Int64) {
        guard isPending else { return }
        wait = isInteractive ? Self.leastWait : min(2 * wait, timeout)
        isInteractive = false
        isUrgent = true
    }

    /// An answer is expected from here on, and carries what is to be acknowledged.
    mutating func becomesInteractive() { isInteractive = true }

    /// What is pending is not acknowledged, until more comes.
    mutating func forget() { (isPending, isUrgent) = (false, false) }

    /// Something wants an acknowledgement that need not go at once.
    mutating func wantsSoon() { isPending = true }

    /// Data go out: soon after some came in they are an answer.
    mutating func sentData(at now: Int64) {
        if wait > 0, now - lastReceived < wait { isInteractive = true }
    }

    /// An acknowledgement went out, with data or alone.
    mutating func acknowledged() {
        if quick > 0 { quick -= min(quick, max(unacknowledged, 1)) }
        isPending = false
        isUrgent = false
        isPushed = false
        unacknowledged = 0
    }

    /// Whether what is pending goes at once.
    ///
    /// - Parameters:
    ///   - bytes: how many have come since the last acknowledgement.
    ///   - isWindowAsLarge: whether the window that it would tell is not less than before.
    func goesNow(_ mode: TCPOptions.Acknowledging, bytes: Int64, isWindowAsLarge: Bool) -> Bool {
        if isUrgent { return true }
        switch mode {
        case .atOnce: return true
        case .everySecond: return unacknowledged >= 2
        case .linux: return (bytes > Int64(segmentSize) && isWindowAsLarge) || (quick > 0 && !isInteractive)
        }
    }

    /// Whether the application's read lets what is pending go: it has taken all that there was to wait for.
    func goesOnRead(bytes: Int64, isAllRead: Bool) -> Bool {
        isPending && (bytes > Int64(segmentSize) || (isAllRead && isPushed && !isInteractive))
    }

    /// How long what is pending waits.
    func delay(_ mode: TCPOptions.Acknowledging, smoothed: Int64?) -> Int64 {
        guard mode == .linux else { return Self.mostWait }
        // Before any data there is nothing by which to wait: the next tick of the clock will do.
        guard wait > 0 else { return 0 }
        guard wait > Self.leastWait else { return Self.leastWait }
        var most = isInteractive || isPushed ? Self.mostWait : 500_000_000
        if let smoothed { most = min(most, max(smoothed, Self.leastWait)) }
        return min(wait, most)
    }
}
