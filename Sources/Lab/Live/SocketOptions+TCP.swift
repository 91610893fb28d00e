import Glibc
import SimNetwork
import SocketNetwork
import TCP

extension SocketOptions {
    /// What a host's TCP options are for each of its sockets, where its kernel is a network of its own. The rest is set of the
    /// network.
    init(_ options: TCPOptions) {
        // Beside the kernel's buffers there is little, as in the simulation there is nothing: it would hide a window that closes.
        self.init(
            receiveBufferBytes: 1, sendBufferBytes: min(16_384, max(2, Int(options.sendBuffer) / 4)),
            backlog: Int(options.backlog),
            kernelReceiveBufferBytes: options.isReceiveBufferFixed ? Int(options.receiveBuffer) : nil,
            kernelSendBufferBytes: options.isSendBufferFixed ? Int(options.sendBuffer) : nil,
            sendsAtOnce: options.noDelay)
        let tcp = CInt(IPPROTO_TCP)
        // What the machine's own default is nobody knows.
        let control = LinuxHosts.name(of: options.congestionControl)
        kernelOptions.append(KernelOption(tcp, TCP_CONGESTION, .text(control)))
        func set(_ name: CInt, _ value: Int64) {
            kernelOptions.append(KernelOption(tcp, name, .number(CInt(clamping: value))))
        }
        if options.keepAlive { kernelOptions.append(KernelOption(SOL_SOCKET, SO_KEEPALIVE, .number(1))) }
        if options.cork { set(TCP_CORK, 1) }
        if options.acknowledging == .atOnce { kernelOptions.append(.acknowledgesAtOnce) }
        if options.userTimeout > 0 { set(TCP_USER_TIMEOUT, options.userTimeout / 1_000_000) }
        if options.maximumSegmentSize != TCPOptions().maximumSegmentSize {
            set(TCP_MAXSEG, Int64(options.maximumSegmentSize))
        }
    }
}

extension KernelOption {
    /// An option of a socket by the name that Linux gives it, in the units of a knob; nil for one that is none of a socket's.
    init?(_ name: String, _ value: Int64) {
        guard let knob = TCPKnob.named(name), knob.isOfSocket else { return nil }
        let tcp = CInt(IPPROTO_TCP)
        let seconds = CInt(clamping: max(1, value / 1_000_000_000))
        switch knob.name {
        case "TCP_NODELAY": self.init(tcp, TCP_NODELAY, .number(CInt(clamping: value)))
        case "TCP_CORK": self.init(tcp, TCP_CORK, .number(CInt(clamping: value)))
        case "TCP_QUICKACK": self.init(tcp, TCP_QUICKACK, .number(CInt(clamping: value)))
        case "SO_KEEPALIVE": self.init(SOL_SOCKET, SO_KEEPALIVE, .number(CInt(clamping: value)))
        case "tcp_keepalive_time": self.init(tcp, TCP_KEEPIDLE, .number(seconds))
        case "tcp_keepalive_intvl": self.init(tcp, TCP_KEEPINTVL, .number(seconds))
        case "tcp_keepalive_probes": self.init(tcp, TCP_KEEPCNT, .number(CInt(clamping: value)))
        case "TCP_USER_TIMEOUT": self.init(tcp, TCP_USER_TIMEOUT, .number(CInt(clamping: value / 1_000_000)))
        case "tcp_congestion_control":
            guard case .word(let words) = knob.kind, words.indices.contains(Int(value)) else { return nil }
            self.init(tcp, TCP_CONGESTION, .text(words[Int(value)]))
        default: return nil
        }
    }
}
