/// How large the receive buffer is: as large as it was made, or as what the application takes in a round trip asks for (Linux's
/// `tcp_rcv_space_adjust`, `tcp_moderate_rcvbuf`).
package struct ReceiveTuning {
    /// What was measured: an end to which little comes has none.
    private var measured = Rare<Measured>()
    /// Bytes that the buffer holds.
    package private(set) var size: Int32

    private struct Measured: Blank {
        /// Bytes that the application has taken in an earlier round trip, at most; 0 in the first.
        var taken: Int32 = 0
        /// What it had taken when this round trip began, and when that was.
        var takenBefore: Int64 = 0
        var since: Int64 = 0
        /// The round trip as who receives sees it, in units of an eighth of a microsecond; 0 while it is not known.
        var roundTrip: Int32 = 0
        /// What the other side had heard of this end's clock when the round trip was measured last.
        var echo: UInt32 = 0

        /// The application has taken bytes.
        ///
        /// - Returns: how many in this round trip, where it is over and they are more than in any before, and how many then.
        @inline(__always)
        mutating func take(
            _ total: Int64, smoothed: Int64?, first: Int32, at now: Int64
        ) -> (taken: Int32, before: Int32)? {
            let roundTrip = roundTrip > 0 ? Int64(roundTrip) / 8 * 1_000 : smoothed ?? 0
            guard roundTrip > 0, now - since >= roundTrip else { return nil }
            // No buffer holds more.
            let inTrip = Int32(clamping: min(total - takenBefore, 1 << 30))
            (takenBefore, since) = (total, now)
            let before = taken > 0 ? taken : first
            taken = max(before, inTrip)
            return inTrip > before ? (inTrip, before) : nil
        }
    }

    /// Bytes that must have been taken before anything is measured: those of less than an initial window.
    static let least: Int64 = 10_000

    init(_ options: TCPOptions) { size = options.receiveBuffer }

    /// The application has given it another size.
    mutating func resize(_ options: TCPOptions) { size = options.receiveBuffer }

    /// A full segment has come: what it echoes tells how long a round trip takes (`tcp_rcv_rtt_measure_ts`).
    mutating func measure(_ echo: UInt32, clock: UInt32) {
        guard echo != 0, echo != measured[\.echo] else { return }
        let milliseconds = Int64(max(1, Int32(bitPattern: clock &- echo)))
        let sample = milliseconds * 1_000
        measured.change { measured in
            measured.echo = echo
            let roundTrip = Int64(measured.roundTrip)
            measured.roundTrip = Int32(clamping: roundTrip > 0 ? roundTrip + sample - roundTrip / 8 : sample * 8)
        }
    }

    /// The application has taken bytes: once a round trip the buffer follows how many.
    ///
    /// - Parameters:
    ///   - total: that it has taken in all.
    ///   - ahead: that wait beyond a gap.
    ///   - smoothed: the sender's round trip, for where segments carry no times.
    ///   - segmentSize: payload bytes that this end takes in a segment.
    mutating func take(
        _ total: Int64, ahead: Int64, smoothed: Int64?, segmentSize: Int32, _ shared: SharedTCPOptions, at now: Int64
    ) {
        // In the first round trip it takes what an initial window brings (`tcp_init_buffer_space`).
        let first = min(size, TCPOptions.usualWindow * segmentSize)
        let more = measured.change { $0.take(total, smoothed: smoothed, first: first, at: now) }
        guard let (taken, before) = more, shared.options.tunesReceiveBuffer else { return }
        // Twice that, for it is a round trip late, and more where it grows (`tcp_rcvbuf_grow`).
        var window = 2 * Int64(taken)
        window += 2 * window * Int64(taken - before) / Int64(max(1, before)) + ahead
        // Linux counts the memory of segments, and takes half of it for windows (`tcp_adv_win_scale`).
        size = max(size, Int32(clamping: min(window, Int64(shared.options.greatestReceiveBuffer / 2))))
    }
}
