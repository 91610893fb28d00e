import NIOCore
import TCP

/// A socket of the simulated stack.
final class DrillSocket {
    var tcp: TCPEndpoint
    var options: TCPOptions
    var isListening = false
    var isBlocking = true
    var linger: Int64?
    /// Connections that were not accepted yet.
    var completed: [DrillSocket] = []
    private var isFailureTold = false
    /// The application has said that it reads no more: it is at the end once it has read what there is.
    private var isReadingOver = false

    init(_ options: TCPOptions, initial: UInt32) {
        self.options = options
        tcp = TCPEndpoint(options: options, initial: initial, clockOffset: 0x7000_0000)
    }

    func change(at now: Int64, _ change: (inout TCPOptions) -> Void) {
        change(&options)
        if tcp.state == .closed, tcp.failure == nil {
            tcp = TCPEndpoint(options: options, initial: tcp.sender.initial, clockOffset: 0x7000_0000)
        } else {
            tcp.set(at: now, change)
        }
    }

    func takeFailure() -> String? {
        guard let failure = tcp.failure, !isFailureTold else { return nil }
        isFailureTold = true
        return switch failure {
        case .refused: "ECONNREFUSED"
        case .reset: "ECONNRESET"
        case .broken: "EPIPE"
        case .timedOut: "ETIMEDOUT"
        case .hostUnreachable: "EHOSTUNREACH"
        case .networkUnreachable: "ENETUNREACH"
        }
    }

    func connected() -> CallOutcome? {
        if let error = takeFailure() { return CallOutcome(-1, error) }
        if tcp.failure != nil { return CallOutcome(-1, "ECONNABORTED") }
        return tcp.isSynchronised ? CallOutcome(0) : nil
    }

    func read(_ count: Int, _ call: ScriptCall, at now: Int64) -> CallOutcome? {
        if call.hasNoBuffer, tcp.receiver.buffer.count > 0 { return CallOutcome(-1, "EFAULT") }
        if let bytes = tcp.read(upTo: count, at: now) {
            // One more is said to wait at the end of the stream (`tcp_inq_hint`).
            let waiting = Int64(tcp.receiver.buffer.count)
            let told = waiting == 0 && tcp.receiver.isAtEnd ? 1 : waiting
            return call.outcome(ofReading: Int64(bytes.readableBytes), waiting: told)
        }
        if tcp.receiver.isAtEnd || isReadingOver { return CallOutcome(0) }
        if let error = takeFailure() { return CallOutcome(-1, error) }
        if tcp.state == .closed { return tcp.failure == nil ? CallOutcome(-1, "ENOTCONN") : CallOutcome(0) }
        return nil
    }

    /// What `poll` would see of it (`tcp_poll`).
    func seen(_ asked: PollEvents) -> PollEvents {
        if isListening { return completed.first?.tcp.isSynchronised == true ? asked.intersection(.in) : [] }
        var events: PollEvents = []
        let isOver = tcp.receiver.isAtEnd || isReadingOver
        if tcp.state == .closed || (isOver && tcp.sender.isClosing) { events.insert(.hangUp) }
        if isOver || tcp.state == .closed { events.formUnion([.in, .halfHangUp]) }
        if tcp.failure != nil, !isFailureTold { events.insert(.error) }
        if tcp.state != .synSent, tcp.state != .synReceived {
            if tcp.receiver.buffer.count > 0 { events.insert(.in) }
            // A third of the buffer is free (`sk_stream_is_writeable`).
            if tcp.sender.isClosing || tcp.failure != nil || 2 * tcp.writable >= tcp.sender.buffer.count {
                events.insert(.out)
            }
        }
        return events.intersection(asked)
    }

    func shutdown(_ how: String) -> CallOutcome {
        guard tcp.isSynchronised else { return CallOutcome(-1, "ENOTCONN") }
        if how != "SHUT_WR" { isReadingOver = true }
        if how != "SHUT_RD" { tcp.shutdownWrite() }
        return CallOutcome(0)
    }

    /// As `TCP_INFO` has it: times in microseconds.
    func information(at now: Int64) -> [String: Int64] {
        let state: Int64 =
            switch tcp.state {
            case .established: 1
            case .synSent: 2
            case .synReceived: 3
            case .finWait1: 4
            case .finWait2: 5
            case .timeWait: 6
            case .closed: 7
            case .closeWait: 8
            case .lastAck: 9
            case .closing: 11
            }
        let threshold = tcp.congestion.threshold
        return [
            "tcpi_state": state, "tcpi_ca_state": Int64(tcp.recovery.state.rawValue),
            "tcpi_retransmits": Int64(tcp.timeouts), "tcpi_backoff": Int64(tcp.estimator.doublings),
            "tcpi_advmss": Int64(tcp.shared.options.maximumSegmentSize),
            "tcpi_rto": tcp.estimator.timeout(most: tcp.shared.options.maximumRetransmissionTimeout) / 1_000,
            "tcpi_snd_mss": tcp.fullSegment,
            "tcpi_unacked": Int64(tcp.segmentsSent), "tcpi_sacked": Int64(tcp.recovery.sacked),
            "tcpi_lost": Int64(tcp.recovery.lost), "tcpi_retrans": Int64(tcp.recovery.repeating),
            "tcpi_rtt": (tcp.estimator.smoothed ?? 0) / 1_000, "tcpi_rttvar": tcp.estimator.deviation / 1_000,
            "tcpi_snd_ssthresh": threshold == .max ? 2_147_483_647 : Int64(threshold),
            "tcpi_snd_cwnd": Int64(tcp.congestion.window), "tcpi_total_retrans": Int64(tcp.repetitions),
            "tcpi_reordering": Int64(tcp.recovery.reorderingSegments), "tcpi_snd_wnd": tcp.sender.window,
            "tcpi_notsent_bytes": tcp.sender.buffer.end - min(tcp.sender.next, tcp.sender.buffer.end),
            "tcpi_last_data_recv": (now - tcp.heardDataLast) / 1_000_000,
            "tcpi_bytes_received": tcp.receiver.next - 1 - (tcp.receiver.isAtEnd ? 1 : 0),
            "tcpi_delivered": Int64(tcp.recovery.deliveredSegments),
        ]
    }
}
