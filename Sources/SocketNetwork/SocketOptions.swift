import Bug
internal import Glibc
public import PeerNetworking

/// The limits of a run's sockets.
public struct SocketOptions: Hashable, Sendable {
    /// Bytes that a stream takes from the kernel ahead of its reader before it stops reading; 1 or more, default 64
    /// KiB.
    ///
    /// One turn of the loop may go beyond it, and after the other side's end of stream what the kernel still held comes
    /// in whole.
    public var receiveBufferBytes: Int
    /// Bytes that a stream holds for the kernel before a write waits; 2 or more, default 64 KiB.
    ///
    /// A write that waits goes on when half of them have gone.
    public var sendBufferBytes: Int
    /// Connections that the kernel keeps for a listener until they are accepted (`listen(2)`); 1 or more, default 128.
    public var backlog: Int
    /// The kernel's own receive buffer in bytes (`SO_RCVBUF`); nil leaves it to the kernel.
    public var kernelReceiveBufferBytes: Int?
    /// The kernel's own send buffer in bytes (`SO_SNDBUF`); nil leaves it to the kernel.
    public var kernelSendBufferBytes: Int?
    /// Whether small writes leave at once instead of being collected (`TCP_NODELAY`); default true.
    public var sendsAtOnce: Bool
    /// What else is set of each socket.
    package var kernelOptions: [KernelOption] = []

    /// Sockets that a process may have open, listeners and attempts to connect included; 1 or more, default without a limit.
    ///
    /// At the limit `connect`, `listen` and `accept` throw `tooManyOpenFiles`; what was to be accepted waits.
    public var mostSockets: Int

    /// Whether a port can be listened on while connections of an earlier listener are left (`SO_REUSEADDR`); default true.
    public var reusesAddress: Bool
    /// Whether several listeners may share a port, among which the kernel divides what comes (`SO_REUSEPORT`), as one on each
    /// of several event loops; default false. All of them must say so.
    public var reusesPort: Bool
    /// How connections that are idle are probed, those that are accepted too (`SO_KEEPALIVE`); nil, the default, for not.
    public var keepAlive: KeepAlive?
    /// How long sent data may stay unacknowledged before a connection has timed out, those that are accepted too
    /// (`TCP_USER_TIMEOUT`); a millisecond or more; nil, the default, for the kernel's own limit.
    public var userTimeout: Duration?

    /// Makes options; each has its default.
    public init(
        receiveBufferBytes: Int = 65_536, sendBufferBytes: Int = 65_536, backlog: Int = 128,
        kernelReceiveBufferBytes: Int? = nil, kernelSendBufferBytes: Int? = nil, sendsAtOnce: Bool = true,
        mostSockets: Int = .max, reusesAddress: Bool = true, reusesPort: Bool = false, keepAlive: KeepAlive? = nil,
        userTimeout: Duration? = nil
    ) {
        insist(
            receiveBufferBytes >= 1 && sendBufferBytes >= 2 && backlog >= 1 && mostSockets >= 1,
            "a limit is too small")
        self.receiveBufferBytes = receiveBufferBytes
        self.sendBufferBytes = sendBufferBytes
        self.backlog = backlog
        self.kernelReceiveBufferBytes = kernelReceiveBufferBytes
        self.kernelSendBufferBytes = kernelSendBufferBytes
        self.sendsAtOnce = sendsAtOnce
        self.mostSockets = mostSockets
        self.reusesAddress = reusesAddress
        self.reusesPort = reusesPort
        self.keepAlive = keepAlive
        self.userTimeout = userTimeout
    }
}

extension SocketOptions {
    /// Whether what comes is acknowledged without waiting for an answer.
    var acknowledgesAtOnce: Bool { kernelOptions.contains(.acknowledgesAtOnce) }

    /// What is set of each socket before it connects or listens.
    var ofSockets: [KernelOption] {
        var all: [KernelOption] = []
        func set(_ level: CInt, _ name: CInt, _ value: Int64) {
            all.append(KernelOption(level, name, .number(CInt(clamping: value))))
        }
        let tcp = CInt(IPPROTO_TCP)
        if let bytes = kernelReceiveBufferBytes { set(SOL_SOCKET, SO_RCVBUF, Int64(bytes)) }
        if let bytes = kernelSendBufferBytes { set(SOL_SOCKET, SO_SNDBUF, Int64(bytes)) }
        if let keepAlive {
            set(tcp, TCP_KEEPIDLE, keepAlive.idle.wholeSeconds)
            set(tcp, TCP_KEEPINTVL, keepAlive.interval.wholeSeconds)
            set(tcp, TCP_KEEPCNT, Int64(keepAlive.probes))
            set(SOL_SOCKET, SO_KEEPALIVE, 1)
        }
        if let userTimeout { set(tcp, TCP_USER_TIMEOUT, userTimeout.inNanoseconds / 1_000_000) }
        return all + kernelOptions
    }

    /// What is set of each socket before it listens.
    var ofListeners: [KernelOption] {
        [
            KernelOption(SOL_SOCKET, SO_REUSEADDR, .number(reusesAddress ? 1 : 0)),
            KernelOption(SOL_SOCKET, SO_REUSEPORT, .number(reusesPort ? 1 : 0)),
        ] + ofSockets
    }

    /// The buffers and the backlog of a configuration; latency and loss are what the real network makes them.
    public init(_ config: NetworkConfig) {
        self.init(
            receiveBufferBytes: config.receiveBuffer, sendBufferBytes: config.sendBuffer, backlog: config.backlog)
    }
}

extension Duration {
    /// Whole seconds of it, as the kernel counts keep-alive.
    var wholeSeconds: Int64 { inNanoseconds / 1_000_000_000 }
}
