import TCP

/// A setting of the machine by its kernel's name, and what it means for the simulated stack.
package enum KernelSetting {
    /// What has no part in what is modelled.
    private static let without = [
        "tcp_no_metrics_save", "tcp_recovery", "tcp_moderate_rcvbuf", "tcp_pacing_ss_ratio", "tcp_pacing_ca_ratio",
        "tcp_min_tso_segs", "tcp_tso_win_divisor", "tcp_autocorking", "tcp_fack", "tcp_dsack", "tcp_limit_output_bytes",
        "tcp_fastopen", "tcp_fastopen_key", "tcp_ecn_option", "tcp_ecn_fallback", "tcp_notsent_lowat",
        "tcp_invalid_ratelimit", "tcp_syncookies",
    ]

    /// Applies `net.ipv4.tcp_sack` and the like.
    ///
    /// - Throws: ``DrillFailure`` for one that is not modelled, or a value that it cannot have.
    static func apply(_ name: String, _ value: String, to options: inout TCPOptions) throws(DrillFailure) {
        let short = name.hasPrefix("net.ipv4.") ? String(name.dropFirst("net.ipv4.".count)) : name
        if short == "tcp_congestion_control" {
            switch value {
            case "reno": options.congestionControl = .reno
            case "cubic": options.congestionControl = .cubic
            default: throw .unsupported("the congestion control '\(value)'")
            }
            return
        }
        guard !without.contains(short) else { return }
        let numbers = value.split(whereSeparator: { $0 == " " || $0 == "\t" }).compactMap { Int64($0) }
        guard let number = numbers.first else { throw .unsupported("\(name)=\(value)") }
        let count = Bounds.repeats(number)
        switch short {
        case "tcp_sack": options.sack = number != 0
        case "tcp_timestamps": options.timestamps = number != 0
        case "tcp_window_scaling": options.windowScaling = number != 0
        case "tcp_ecn": options.ecn = number == 0 ? .never : number == 1 ? .always : .whereAsked
        case "tcp_early_retrans": options.tailLossProbe = number >= 3
        case "tcp_frto": options.forwardRecovery = number != 0
        case "tcp_reordering": options.reordering = max(count, 1)
        case "tcp_slow_start_after_idle": options.slowStartAfterIdle = number != 0
        case "tcp_retries1": options.firstRetries = count
        case "tcp_retries2": options.retries = count
        case "tcp_mtu_probing": options.mtuProbing = .init(rawValue: UInt8(clamping: number)) ?? .always
        case "tcp_base_mss": options.baseSegment = Bounds.segmentSize(number)
        case "tcp_syn_retries": options.synRetries = count
        case "tcp_synack_retries": options.synAckRetries = count
        case "tcp_syn_linear_timeouts": options.synLinearTimeouts = count
        case "tcp_orphan_retries": options.orphanRetries = count
        case "tcp_keepalive_time": options.keepAliveTime = max(Bounds.seconds(number), 1_000_000_000)
        case "tcp_keepalive_intvl": options.keepAliveInterval = max(Bounds.seconds(number), 1_000_000_000)
        case "tcp_keepalive_probes": options.keepAliveProbes = count
        case "tcp_fin_timeout": options.finTimeout = max(Bounds.seconds(number), 1_000_000_000)
        case "tcp_rto_max_ms":
            options.maximumRetransmissionTimeout = min(max(Bounds.milliseconds(number), 1_000_000_000), 120_000_000_000)
        case "tcp_rmem":
            guard numbers.count == 3 else { throw .unsupported("\(name)=\(value)") }
            options.receiveBuffer = Bounds.buffer(numbers[1] / 2)
            options.greatestReceiveBuffer = Bounds.buffer(numbers[2])
        case "tcp_wmem":
            guard numbers.count == 3 else { throw .unsupported("\(name)=\(value)") }
            options.sendBuffer = Bounds.buffer(numbers[1])
        default: throw .unsupported("the setting '\(name)'")
        }
    }
}
