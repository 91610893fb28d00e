/// The TCP parameters of a host's kernel, with Linux's names and defaults where it has them. Times in nanoseconds.
public struct TCPOptions: Hashable, Sendable {
    /// Most payload bytes of a segment (1,500 of Ethernet less 20 of IPv4 and 20 of TCP).
    public var maximumSegmentSize: Int32 = 1_460
    /// Bytes that the send buffer holds, unacknowledged ones included (`SO_SNDBUF`); 1 KiB…1 GiB.
    public var sendBuffer: Int32 = 65_536
    /// Bytes that the receive buffer holds; the window is what is free of it (`SO_RCVBUF`); 1 KiB…1 GiB.
    public var receiveBuffer: Int32 = 65_536
    /// Connections that wait for `accept`, at most (the argument of `listen`); 1…65,535. Linux caps it at 4,096.
    public var backlog: Int32 = 128
    /// Repeated SYNs before `connect` times out (`tcp_syn_retries`; 6 give 127 s).
    public var synRetries: Int32 = 6
    /// Repeated SYN-ACKs before a half-open connection is forgotten (`tcp_synack_retries`).
    public var synAckRetries: Int32 = 5
    /// Repeated segments before a connection times out (`tcp_retries2`).
    public var retries: Int32 = 15
    /// The retransmission timeout before a round trip was measured (RFC 6298, 2.1).
    public var initialRetransmissionTimeout: Int64 = 1_000_000_000
    /// The least part of the timeout above the smoothed round trip (Linux's `TCP_RTO_MIN`).
    public var minimumRetransmissionTimeout: Int64 = 200_000_000
    /// The longest timeout (Linux's `TCP_RTO_MAX`).
    public var maximumRetransmissionTimeout: Int64 = 120_000_000_000
    /// How long a closed connection's ports stay taken (Linux's `TCP_TIMEWAIT_LEN`).
    public var timeWait: Int64 = 60_000_000_000
    /// How long a closed socket waits for the other side's FIN (`tcp_fin_timeout`).
    public var finTimeout: Int64 = 60_000_000_000
    /// Whether an idle connection is probed (`SO_KEEPALIVE`).
    public var keepAlive = false
    /// How long a connection is idle before it is probed (`tcp_keepalive_time`, `TCP_KEEPIDLE`).
    public var keepAliveTime: Int64 = 7_200_000_000_000
    /// From one probe to the next (`tcp_keepalive_intvl`, `TCP_KEEPINTVL`).
    public var keepAliveInterval: Int64 = 75_000_000_000
    /// Probes without an answer before the connection times out (`tcp_keepalive_probes`, `TCP_KEEPCNT`).
    public var keepAliveProbes: Int32 = 9
    /// How long sent data may stay unacknowledged before the connection times out (`TCP_USER_TIMEOUT`, RFC 5482); 0 for
    /// what ``retries`` gives.
    public var userTimeout: Int64 = 0

    /// Linux's defaults, with buffers of 64 KiB.
    public init() {}
}

/// Options that many endpoints share, so that each holds a reference and not a copy.
final class SharedTCPOptions: Sendable {
    let value: TCPOptions

    init(_ value: TCPOptions) { self.value = value }
}
