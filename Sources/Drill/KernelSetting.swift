import TCP

/// A setting of the machine by its kernel's name, and what it means for the simulated stack.
package enum KernelSetting {
    /// What has no part in what is modelled.
    private static let without = [
        "tcp_no_metrics_save", "tcp_pacing_ss_ratio", "tcp_pacing_ca_ratio",
        "tcp_tso_win_divisor", "tcp_autocorking", "tcp_fack", "tcp_dsack", "tcp_limit_output_bytes",
        "tcp_fastopen", "tcp_fastopen_key", "tcp_ecn_option", "tcp_ecn_fallback", "tcp_notsent_lowat",
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
        switch short {
        case "tcp_keepalive_time": options.keepAliveTime = max(Bounds.seconds(number), 1_000_000_000)
        case "tcp_keepalive_intvl": options.keepAliveInterval = max(Bounds.seconds(number), 1_000_000_000)
        case "tcp_fin_timeout": options.finTimeout = max(Bounds.seconds(number), 1_000_000_000)
        case "tcp_rmem":
            guard numbers.count == 3 else { throw .unsupported("\(name)=\(value)") }
            options.receiveBuffer = Bounds.buffer(numbers[1] / 2)
            options.greatestReceiveBuffer = Bounds.buffer(numbers[2])
            options.isReceiveBufferFixed = false
        case "tcp_wmem":
            guard numbers.count == 3 else { throw .unsupported("\(name)=\(value)") }
            options.sendBuffer = Bounds.buffer(numbers[1])
            options.greatestSendBuffer = Bounds.buffer(numbers[2])
            options.isSendBufferFixed = false
        default:
            guard short.hasPrefix("tcp_"), let knob = TCPKnob.named(short), knob.isOfCounts else {
                throw .unsupported("the setting '\(name)'")
            }
            knob.set(&options, min(max(number, knob.values.lowerBound), knob.values.upperBound))
        }
    }
}
