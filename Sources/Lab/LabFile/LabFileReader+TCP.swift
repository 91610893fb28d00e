import SimNetwork
import TCP

// The TCP parameters of a host's kernel, by the names that Linux gives them.
extension LabFileReader {
    /// Short names first, then those of `tcp(7)` and `socket(7)` where they differ.
    static let tcpKeys =
        ["tcp", "send-buffer", "receive-buffer", "backlog", "syn-retries", "retries"] + sysctls.map(\.name)
        + ["tcp_congestion_control"] + switches.map(\.name)
        + ["tcp_fin_timeout", "tcp_keepalive_time", "tcp_keepalive_intvl", "TCP_USER_TIMEOUT"]

    /// A number of `tcp(7)`, its range, and the short name that stands for the same.
    private struct Sysctl: Sendable {
        var name: String
        var range: ClosedRange<Int>
        var short: String?
        var set: @Sendable (inout TCPOptions, Int32) -> Void
    }

    /// Linux keeps the retries in a byte, and bounds those of SYNs by `MAX_TCP_SYNCNT`.
    private static let sysctls = [
        Sysctl(name: "tcp_syn_retries", range: 0...127, short: "syn-retries") { $0.synRetries = $1 },
        Sysctl(name: "tcp_synack_retries", range: 0...255) { $0.synAckRetries = $1 },
        Sysctl(name: "tcp_retries1", range: 0...255) { $0.firstRetries = $1 },
        Sysctl(name: "tcp_retries2", range: 0...255, short: "retries") { $0.retries = $1 },
        Sysctl(name: "tcp_mtu_probing", range: 0...2) { $0.mtuProbing = .init(rawValue: UInt8($1)) ?? .never },
        Sysctl(name: "tcp_base_mss", range: 48...65_495) { $0.baseSegment = $1 },
        Sysctl(name: "tcp_ecn", range: 0...2) { $0.ecn = $1 == 0 ? .never : $1 == 1 ? .always : .whereAsked },
        Sysctl(name: "tcp_keepalive_probes", range: 1...127) { $0.keepAliveProbes = $1 },
        Sysctl(name: "tcp_syn_linear_timeouts", range: 0...127) { $0.synLinearTimeouts = $1 },
        Sysctl(name: "tcp_orphan_retries", range: 0...255) { $0.orphanRetries = $1 },
        Sysctl(name: "tcp_reordering", range: 1...300) { $0.reordering = $1 },
        Sysctl(name: "tcp_early_retrans", range: 0...4) { $0.tailLossProbe = $1 >= 3 },
        Sysctl(name: "initcwnd", range: 1...1_000) { $0.initialWindow = $1 },
        Sysctl(name: "somaxconn", range: 1...65_535, short: "backlog") { $0.backlog = $1 },
    ]

    /// Something of a kernel or a socket that is on or off.
    private struct Switch: Sendable {
        var name: String
        var set: @Sendable (inout TCPOptions, Bool) -> Void
    }

    private static let switches = [
        Switch(name: "tcp_sack") { $0.sack = $1 },
        Switch(name: "tcp_timestamps") { $0.timestamps = $1 },
        Switch(name: "tcp_window_scaling") { $0.windowScaling = $1 },
        Switch(name: "tcp_frto") { $0.forwardRecovery = $1 },
        Switch(name: "tcp_slow_start_after_idle") { $0.slowStartAfterIdle = $1 },
        Switch(name: "TCP_NODELAY") { $0.noDelay = $1 },
        Switch(name: "TCP_CORK") { $0.cork = $1 },
        Switch(name: "SO_KEEPALIVE") { $0.keepAlive = $1 },
    ]

    private static let algorithms: [(name: String, algorithm: CongestionAlgorithm)] = [
        ("cubic", .cubic), ("reno", .reno), ("none", .none),
    ]

    /// What a host's kernel is like before its own keys change it.
    private static let profiles: [(name: String, options: TCPOptions)] = [
        ("linux", .sendingAtOnce), ("textbook", .textbook),
    ]

    mutating func tcpOptions(_ fields: SourceFields) -> TCPOptions {
        var tcp = TCPOptions.sendingAtOnce
        if let value = fields["tcp"], let name = choice(value, "tcp", Self.profiles.map(\.name)),
            let profile = Self.profiles.first(where: { $0.name == name })
        {
            tcp = profile.options
            tcp.noDelay = true
        }
        if let value = fields["tcp_congestion_control"],
            let name = choice(value, "tcp_congestion_control", Self.algorithms.map(\.name)),
            let known = Self.algorithms.first(where: { $0.name == name })
        {
            tcp.congestionControl = known.algorithm
        }
        for item in Self.switches {
            if let value = fields[item.name], let isOn = boolean(value, item.name) { item.set(&tcp, isOn) }
        }
        let buffer = Int64(1_024)...Int64(1_073_741_824)
        if let value = fields["send-buffer"], let size = size(value, "send-buffer", in: buffer) {
            tcp.sendBuffer = Int32(size)
        }
        if let value = fields["receive-buffer"], let size = size(value, "receive-buffer", in: buffer) {
            tcp.receiveBuffer = Int32(size)
        }
        for sysctl in Self.sysctls {
            let given = [sysctl.name, sysctl.short].compactMap { $0 }.filter { fields[$0] != nil }
            if given.count > 1 {
                report(fields.place(of: given[1]), "'\(given[1])' is '\(given[0])', which is given already")
            }
            guard let name = given.first, let value = fields[name], let number = integer(value, name, in: sysctl.range)
            else { continue }
            sysctl.set(&tcp, Int32(number))
        }
        // As long as the longest run.
        let times = Int64(1_000_000)...Int64(2_592_000_000_000_000)
        if let value = fields["tcp_fin_timeout"], let time = duration(value, "tcp_fin_timeout", in: times) {
            tcp.finTimeout = time
        }
        if let value = fields["tcp_keepalive_time"], let time = duration(value, "tcp_keepalive_time", in: times) {
            tcp.keepAliveTime = time
        }
        if let value = fields["tcp_keepalive_intvl"], let time = duration(value, "tcp_keepalive_intvl", in: times) {
            tcp.keepAliveInterval = time
        }
        if let value = fields["TCP_USER_TIMEOUT"],
            let time = duration(value, "TCP_USER_TIMEOUT", in: 0...times.upperBound)
        {
            tcp.userTimeout = time
        }
        return tcp
    }
}
