package import TCP

extension KernelSettings {
    /// What a host's TCP options are in its namespace, where they differ from a new one's. What is set of each socket is not
    /// among them.
    package static func settings(of options: TCPOptions) -> [(name: String, value: String)] {
        var settings = usual
        func set(_ name: String, _ value: some CustomStringConvertible) { settings["net.ipv4.\(name)"] = "\(value)" }
        func flag(_ name: String, _ value: Bool) { set(name, value ? 1 : 0) }
        flag("tcp_sack", options.sack)
        flag("tcp_timestamps", options.timestamps)
        flag("tcp_window_scaling", options.windowScaling)
        flag("tcp_slow_start_after_idle", options.slowStartAfterIdle)
        flag("tcp_moderate_rcvbuf", options.moderatesReceiveBuffer)
        flag("tcp_abort_on_overflow", options.abortsOnOverflow)
        flag("tcp_tw_reuse", options.reusesTimeWait)
        set("tcp_frto", options.forwardRecovery ? 2 : 0)
        set("tcp_early_retrans", options.tailLossProbe ? 3 : 0)
        set("tcp_syn_retries", max(1, options.synRetries))
        set("tcp_synack_retries", options.synAckRetries)
        set("tcp_syn_linear_timeouts", options.synLinearTimeouts)
        set("tcp_retries1", options.firstRetries)
        set("tcp_retries2", options.retries)
        set("tcp_orphan_retries", options.orphanRetries)
        set("tcp_reordering", options.reordering)
        set("tcp_mtu_probing", options.mtuProbing.rawValue)
        set("tcp_base_mss", options.baseSegment)
        set("tcp_syncookies", options.synCookies.rawValue)
        set("tcp_invalid_ratelimit", options.answersEvery / 1_000_000)
        set("tcp_fin_timeout", max(1, options.finTimeout / 1_000_000_000))
        set("tcp_keepalive_time", max(1, options.keepAliveTime / 1_000_000_000))
        set("tcp_keepalive_intvl", max(1, options.keepAliveInterval / 1_000_000_000))
        set("tcp_keepalive_probes", options.keepAliveProbes)
        set("tcp_rto_min_us", options.minimumRetransmissionTimeout / 1_000)
        set("tcp_rto_max_ms", options.maximumRetransmissionTimeout / 1_000_000)
        switch options.ecn {
        case .never: set("tcp_ecn", 0)
        case .always: set("tcp_ecn", 1)
        case .whereAsked: set("tcp_ecn", 2)
        }
        set("tcp_rmem", "4096 131072 \(options.greatestReceiveBuffer)")
        set("tcp_wmem", "4096 16384 \(options.greatestSendBuffer)")
        // The lab's own ports may be below 1024.
        set("ip_unprivileged_port_start", 0)
        settings["net.core.somaxconn"] = "65535"
        return settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
