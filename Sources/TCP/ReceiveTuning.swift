/// How large the receive buffer is: as large as it was made, or as what the application takes in a round trip asks for (Linux's
/// `tcp_rcv_space_adjust`, `tcp_moderate_rcvbuf`).
package struct ReceiveTuning {
    /// Bytes that the buffer holds.
    package private(set) var size: Int32
    /// Bytes that the application has taken in an earlier round trip, at most.
    private var taken: Int32
    /// What it had taken when this round trip began, and when that was.
    private var takenBefore: Int64 = 0
    private var since: Int64 = 0
    /// The round trip as who receives sees it, in units of an eighth of a microsecond; 0 while it is not known.
    private var roundTrip: Int32 = 0
    /// What the other side had heard of this end's clock when the round trip was measured last.
    private var echo: UInt32 = 0

    /// Bytes that must have been taken before anything is measured: those of less than an initial window.
    static let least: Int64 = 10_000

    init(_ options: TCPOptions, segmentSize: Int32) {
        size = options.receiveBuffer
        // `tcp_init_buffer_space`: what an initial window brings.
        taken = min(options.receiveBuffer, TCPOptions.usualWindow * segmentSize)
    }

    /// The application has given it another size.
    mutating func resize(_ options: TCPOptions) { size = options.receiveBuffer }

    /// A full segment has come: what it echoes tells how long a round trip takes (`tcp_rcv_rtt_measure_ts`).
    mutating func measure(_ echo: UInt32, clock: UInt32) {
        guard echo != 0, echo != self.echo else { return }
        self.echo = echo
        let milliseconds = Int64(max(1, Int32(bitPattern: clock &- echo)))
        let sample = milliseconds * 1_000
        guard roundTrip > 0 else { return roundTrip = Int32(clamping: sample * 8) }
        roundTrip = Int32(clamping: Int64(roundTrip) + sample - Int64(roundTrip) / 8)
    }

    /// The application has taken bytes: once a round trip the buffer follows how many.
    ///
    /// - Parameters:
    ///   - total: that it has taken in all.
    ///   - ahead: that wait beyond a gap.
    ///   - smoothed: the sender's round trip, for where segments carry no times.
    mutating func take(_ total: Int64, ahead: Int64, smoothed: Int64?, _ options: TCPOptions, at now: Int64) {
        let roundTrip = roundTrip > 0 ? Int64(roundTrip) / 8 * 1_000 : smoothed ?? 0
        guard roundTrip > 0, now - since >= roundTrip else { return }
        // No buffer holds more.
        let inTrip = Int32(clamping: min(total - takenBefore, 1 << 30))
        (takenBefore, since) = (total, now)
        guard inTrip > taken else { return }
        defer { taken = inTrip }
        guard options.tunesReceiveBuffer else { return }
        // Twice that, for it is a round trip late, and more where it grows (`tcp_rcvbuf_grow`).
        var window = 2 * Int64(inTrip)
        window += 2 * window * Int64(inTrip - taken) / Int64(max(1, taken)) + ahead
        // Linux counts the memory of segments, and takes half of it for windows (`tcp_adv_win_scale`).
        size = max(size, Int32(clamping: min(window, Int64(options.greatestReceiveBuffer / 2))))
    }
}
