import Bug
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

    /// Makes options; each has its default.
    public init(
        receiveBufferBytes: Int = 65_536, sendBufferBytes: Int = 65_536, backlog: Int = 128,
        kernelReceiveBufferBytes: Int? = nil, kernelSendBufferBytes: Int? = nil, sendsAtOnce: Bool = true
    ) {
        insist(receiveBufferBytes >= 1 && sendBufferBytes >= 2 && backlog >= 1, "a limit is too small")
        self.receiveBufferBytes = receiveBufferBytes
        self.sendBufferBytes = sendBufferBytes
        self.backlog = backlog
        self.kernelReceiveBufferBytes = kernelReceiveBufferBytes
        self.kernelSendBufferBytes = kernelSendBufferBytes
        self.sendsAtOnce = sendsAtOnce
    }
}

extension SocketOptions {
    /// The buffers and the backlog of a configuration; latency and loss are what the real network makes them.
    public init(_ config: NetworkConfig) {
        self.init(
            receiveBufferBytes: config.receiveBuffer, sendBufferBytes: config.sendBuffer, backlog: config.backlog)
    }
}
