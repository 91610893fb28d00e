import CLinux
import Drill
import Glibc

// Options of the kernel's sockets, by the names that scripts have.
extension KernelStack {
    private static let options: [String: (level: Int32, name: Int32)] = [
        "SO_REUSEADDR": (SOL_SOCKET, SO_REUSEADDR), "SO_KEEPALIVE": (SOL_SOCKET, SO_KEEPALIVE),
        "SO_SNDBUF": (SOL_SOCKET, SO_SNDBUF), "SO_RCVBUF": (SOL_SOCKET, SO_RCVBUF),
        "SO_LINGER": (SOL_SOCKET, SO_LINGER),
        "SO_ERROR": (SOL_SOCKET, SO_ERROR), "TCP_NODELAY": (Int32(IPPROTO_TCP), TCP_NODELAY),
        "TCP_CORK": (Int32(IPPROTO_TCP), TCP_CORK), "TCP_KEEPIDLE": (Int32(IPPROTO_TCP), TCP_KEEPIDLE),
        "TCP_KEEPINTVL": (Int32(IPPROTO_TCP), TCP_KEEPINTVL), "TCP_KEEPCNT": (Int32(IPPROTO_TCP), TCP_KEEPCNT),
        "TCP_USER_TIMEOUT": (Int32(IPPROTO_TCP), TCP_USER_TIMEOUT), "TCP_MAXSEG": (Int32(IPPROTO_TCP), TCP_MAXSEG),
        "TCP_INQ": (Int32(IPPROTO_TCP), 36), "SO_ZEROCOPY": (SOL_SOCKET, 60),
        "IP_MTU_DISCOVER": (Int32(IPPROTO_IP), IP_MTU_DISCOVER), "IP_TOS": (Int32(IPPROTO_IP), IP_TOS),
        "TCP_QUICKACK": (Int32(IPPROTO_TCP), TCP_QUICKACK), "TCP_CONGESTION": (Int32(IPPROTO_TCP), TCP_CONGESTION),
    ]

    func set(on socket: Int32, _ call: ScriptCall) throws(DrillFailure) -> CallOutcome {
        guard let option = Self.options[call.argument(2)] else {
            throw .unsupported("the option '\(call.argument(2))'")
        }
        if let given = call.linger {
            var value = linger(l_onoff: given.isOn ? 1 : 0, l_linger: Int32(clamping: given.seconds))
            return Self.outcome(
                Int64(setsockopt(socket, option.level, option.name, &value, socklen_t(MemoryLayout<linger>.size))))
        }
        if call.argument(2) == "TCP_CONGESTION" {
            return call.argument(3).withCString {
                Self.outcome(Int64(setsockopt(socket, option.level, option.name, $0, socklen_t(strlen($0)))))
            }
        }
        var value = Int32(clamping: call.values(3).first ?? 0)
        return Self.outcome(Int64(setsockopt(socket, option.level, option.name, &value, 4)))
    }

    func get(of socket: Int32, _ call: ScriptCall) throws(DrillFailure) -> CallOutcome {
        guard let option = Self.options[call.argument(2)] else {
            throw .unsupported("the option '\(call.argument(2))'")
        }
        var (value, length): (Int32, socklen_t) = (0, 4)
        let result = getsockopt(socket, option.level, option.name, &value, &length)
        guard result == 0 else { return Self.outcome(-1) }
        let expected = call.values(3).first ?? 0
        let name = ErrorNumber.name(of: value)
        return Int64(value) == expected || call.argument(3) == name ? CallOutcome(0) : CallOutcome(Int64(value), name)
    }

    /// What `ioctl` asks for: bytes that wait to be read, that are not acknowledged, that were not sent.
    private static let questions: [String: UInt] = [
        "SIOCINQ": 0x541B, "FIONREAD": 0x541B, "SIOCOUTQ": 0x5411, "SIOCOUTQNSD": 0x894B,
    ]

    func ask(_ socket: Int32, _ call: ScriptCall) throws(DrillFailure) -> CallOutcome {
        guard let question = Self.questions[call.argument(1)] else {
            throw .unsupported("the request '\(call.argument(1))'")
        }
        var value: Int32 = 0
        guard ioctl(socket, question, &value) == 0 else { return Self.outcome(-1) }
        return call.outcome(ofAsking: Int64(value))
    }
}
