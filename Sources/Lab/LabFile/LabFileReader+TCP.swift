import SimNetwork

// The TCP parameters of a host's kernel, by the names that Linux gives them.
extension LabFileReader {
    /// Short names first, then those of `tcp(7)` and `socket(7)` where they differ.
    static let tcpKeys =
        ["send-buffer", "receive-buffer", "backlog", "syn-retries", "retries"] + sysctls.map(\.name)
        + ["tcp_fin_timeout", "tcp_keepalive_time", "tcp_keepalive_intvl", "SO_KEEPALIVE", "TCP_USER_TIMEOUT"]

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
        Sysctl(name: "tcp_retries2", range: 0...255, short: "retries") { $0.retries = $1 },
        Sysctl(name: "tcp_keepalive_probes", range: 1...127) { $0.keepAliveProbes = $1 },
        Sysctl(name: "somaxconn", range: 1...65_535, short: "backlog") { $0.backlog = $1 },
    ]

    mutating func tcpOptions(_ fields: SourceFields) -> TCPOptions {
        var tcp = TCPOptions()
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
        if let value = fields["SO_KEEPALIVE"], let isOn = boolean(value, "SO_KEEPALIVE") { tcp.keepAlive = isOn }
        if let value = fields["TCP_USER_TIMEOUT"],
            let time = duration(value, "TCP_USER_TIMEOUT", in: 0...times.upperBound)
        {
            tcp.userTimeout = time
        }
        return tcp
    }
}
