/// The TCP parameters of a host's kernel, with Linux's names and defaults where it has them. Times in nanoseconds.
public struct TCPOptions: Hashable, Sendable {
    /// Most payload bytes of a segment (1,500 of Ethernet less 20 of IPv4 and 20 of TCP); the options of a segment take theirs
    /// from them.
    public var maximumSegmentSize: Int32 = 1_460
    /// Bytes that the send buffer holds, unacknowledged ones included (`SO_SNDBUF`); 1 KiB…1 GiB. One that is set does not grow.
    public var sendBuffer: Int32 = 65_536 { didSet { isSendBufferFixed = true } }
    /// Bytes that the receive buffer holds; the window is what is free of it (`SO_RCVBUF`); 1 KiB…1 GiB. One that is set does not
    /// grow.
    public var receiveBuffer: Int32 = 65_536 { didSet { isReceiveBufferFixed = true } }
    /// Whether the send buffer stays as it is (Linux's `SOCK_SNDBUF_LOCK`).
    public var isSendBufferFixed = false
    /// Whether the receive buffer stays as it is (Linux's `SOCK_RCVBUF_LOCK`).
    public var isReceiveBufferFixed = false
    /// Bytes of memory that the send buffer may grow to (the last of `tcp_wmem`).
    public var greatestSendBuffer: Int32 = 4_194_304
    /// Bytes of memory that the receive buffer may grow to, half of them of windows (the last of `tcp_rmem`); by it the window's
    /// scale is chosen.
    public var greatestReceiveBuffer: Int32 = 6_291_456
    /// Whether the receive buffer grows with what the application takes (`tcp_moderate_rcvbuf`).
    public var moderatesReceiveBuffer = true
    /// Connections that wait for `accept`, at most, less one (the argument of `listen`); 1…65,535. Linux caps it at 4,096.
    public var backlog: Int32 = 128
    /// Repeated SYNs before `connect` times out (`tcp_syn_retries`), those of ``synLinearTimeouts`` apart.
    public var synRetries: Int32 = 6
    /// Repeated SYN-ACKs before a half-open connection is forgotten (`tcp_synack_retries`).
    public var synAckRetries: Int32 = 5
    /// Repeated segments before the way is suspected: that it takes no full segments and does not say so (`tcp_retries1`).
    public var firstRetries: Int32 = 3
    /// Repeated segments before a connection times out (`tcp_retries2`).
    public var retries: Int32 = 15
    /// The retransmission timeout before a round trip was measured (RFC 6298, 2.1).
    public var initialRetransmissionTimeout: Int64 = 1_000_000_000
    /// The least part of the timeout above the smoothed round trip (Linux's `TCP_RTO_MIN`); see ``boundsWholeTimeout``.
    public var minimumRetransmissionTimeout: Int64 = 200_000_000
    /// ``minimumRetransmissionTimeout`` is that of the whole timeout (RFC 6298, 2.4), and not of its part above the round trip.
    public var boundsWholeTimeout = false
    /// The longest timeout (`tcp_rto_max_ms`).
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

    /// How the sender adapts to the way (`tcp_congestion_control`).
    public var congestionControl = CongestionAlgorithm.cubic
    /// Segments that may be sent before the first is acknowledged (RFC 6928); 1…1,000.
    public var initialWindow: Int32 = 10
    /// Whether gaps are told by ranges (`tcp_sack`).
    public var sack = true
    /// Whether segments carry times (`tcp_timestamps`).
    public var timestamps = true
    /// Whether windows may be larger than 64 KiB (`tcp_window_scaling`).
    public var windowScaling = true
    /// Whether the last segment of a flight is repeated before its timeout (`tcp_early_retrans` 3).
    public var tailLossProbe = true
    /// Whether a timeout may turn out to have been needless (`tcp_frto`).
    public var forwardRecovery = true
    /// Segments behind a gap after which it counts as lost (`tcp_reordering`).
    public var reordering: Int32 = 3
    /// From one answer to something that is not of now to the next, at least, in nanoseconds (`tcp_invalid_ratelimit`); 0 for
    /// an answer to each.
    public var answersEvery: Int64 = 500_000_000
    /// Segments that go to the device as one at least, where there are so many (`tcp_min_tso_segs`).
    public var leastBurst: Int32 = 2
    /// Whether a connection that was idle begins anew with ``initialWindow`` (`tcp_slow_start_after_idle`).
    public var slowStartAfterIdle = true
    /// By how much a late segment may be late: as `tcp_recovery` says.
    public var lateness: Lateness = []
    /// Ticks a second of the clock that its timers go by, as a Linux kernel's (`CONFIG_HZ`); 0 for one without ticks.
    public var hz: Int32 = 0
    /// SYNs that go again after the same time before the waits double (`tcp_syn_linear_timeouts`).
    public var synLinearTimeouts: Int32 = 4
    /// Repeats of what a closed socket has left unacknowledged; 0 for Linux's rule, 8 (`tcp_orphan_retries`).
    public var orphanRetries: Int32 = 0
    /// Small segments do not wait for an acknowledgement (`TCP_NODELAY`).
    public var noDelay = false
    /// Small segments wait until there is more (`TCP_CORK`).
    public var cork = false
    /// How the receiver acknowledges.
    public var acknowledging = Acknowledging.linux
    /// Whether congestion may be told by marks (`tcp_ecn`).
    public var ecn = Marking.whereAsked

    /// When the largest segment that the way takes is searched for (`tcp_mtu_probing`).
    public var mtuProbing = MTUProbing.never
    /// Payload bytes from which the search begins (`tcp_base_mss`).
    public var baseSegment: Int32 = 1_024

    /// When the largest segment that the way takes is searched for (RFC 4821).
    public enum MTUProbing: UInt8, Hashable, Sendable, CaseIterable {
        /// Never: the network is believed.
        case never
        /// Where full segments seem to vanish.
        case inBlackHoles
        /// From the beginning of each connection.
        case always
    }

    /// Whether a client whose last segment of the handshake finds no room in the accept queue is sent a reset, and not left to
    /// believe in a connection (`tcp_abort_on_overflow`).
    public var abortsOnOverflow = false
    /// Whether a port in TIME-WAIT may be connected from again, to the same place, a second later and with timestamps
    /// (`tcp_tw_reuse` 1; RFC 6191).
    public var reusesTimeWait = false
    /// When the answer to a SYN is a cookie, of which nothing is kept (`tcp_syncookies`).
    public var synCookies = SynCookies.whereFull
    /// Which sockets have `SO_REUSEADDR`: with it a port may be taken on which only connections in TIME-WAIT are left that have it
    /// too.
    public var addressReuse = AddressReuse.listeners
    /// Whether a close is a reset: what is unsent is thrown away (`SO_LINGER` with no time).
    public var resetsOnClose = false

    /// When the answer to a SYN is a cookie (RFC 4987, 3.6).
    public enum SynCookies: UInt8, Hashable, Sendable, CaseIterable {
        /// Never: a SYN beyond those that there is room for is dropped.
        case never
        /// Where as many handshakes are under way as connections may wait for `accept`.
        case whereFull
        /// Always.
        case always
    }

    /// What RACK leaves out (the bits of `tcp_recovery` by their values; 1 has no effect in Linux since 6.17).
    public struct Lateness: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: UInt8
        /// Makes a set of bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// A segment may be late by a quarter of a round trip, and never by more.
        public static let isConstant = Lateness(rawValue: 2)
        /// Segments beyond a gap do not hurry it, however many they are.
        public static let ignoresCount = Lateness(rawValue: 4)
    }

    /// Which sockets have `SO_REUSEADDR`.
    public enum AddressReuse: UInt8, Hashable, Sendable, CaseIterable {
        /// Those that listen, and what they accept: as most servers do.
        case listeners
        /// All.
        case all
        /// None: a port cannot be listened on while a connection that was accepted there is in TIME-WAIT.
        case off
    }

    /// Whether congestion may be told by marks (RFC 3168).
    public enum Marking: UInt8, Hashable, Sendable, CaseIterable {
        /// It may not.
        case never
        /// It is asked for.
        case always
        /// It may where the other side asks for it.
        case whereAsked
    }

    /// How the receiver acknowledges.
    public enum Acknowledging: UInt8, Hashable, Sendable, CaseIterable {
        /// At once in the beginning and where nothing is sent back soon, else after 40 ms and more, by what is usual.
        case linux
        /// Every second full segment at once, and others after 200 ms (RFC 1122, 4.2.3.2).
        case everySecond
        /// Every segment at once.
        case atOnce
    }

    /// Segments by which Linux reckons a buffer before anything is known of the way (`TCP_INIT_CWND`).
    static let usualWindow: Int32 = 10
    /// Payload bytes of a segment, at least, whatever the other side or the way says (`tcp_min_snd_mss`).
    static let leastSegment: Int32 = 48
    /// What the headers of IPv4 and TCP take of a packet, in bytes.
    package static let headerBytes: Int32 = 40
    /// How long the network is believed what it says of a way's MTU (`mtu_expires`), in nanoseconds.
    package static let mtuExpires: Int64 = 600_000_000_000

    /// Whether the receive buffer grows.
    var tunesReceiveBuffer: Bool { moderatesReceiveBuffer && !isReceiveBufferFixed }

    /// What a timeout is above the smoothed round trip, at least.
    var leastVariation: Int64 { boundsWholeTimeout ? Self.granule : minimumRetransmissionTimeout }
    /// What a timeout is as a whole, at least.
    var leastTimeout: Int64 { boundsWholeTimeout ? minimumRetransmissionTimeout : 0 }

    /// A tick of the clock (RFC 6298's G), as Linux has it with 1,000 of them a second.
    private static let granule: Int64 = 1_000_000

    /// What a Linux machine of today does.
    public init() {}

    /// What courses draw: Reno's saw-tooth, three duplicate acknowledgements, timeouts of a second at least, an
    /// acknowledgement for every second segment.
    public static var textbook: TCPOptions {
        var options = TCPOptions()
        options.congestionControl = .reno
        options.sack = false
        options.timestamps = false
        options.tailLossProbe = false
        options.forwardRecovery = false
        options.synLinearTimeouts = 0
        options.minimumRetransmissionTimeout = 1_000_000_000
        options.boundsWholeTimeout = true
        options.acknowledging = .everySecond
        options.moderatesReceiveBuffer = false
        options.isSendBufferFixed = true
        return options
    }
}

/// How a sender adapts to the way.
public enum CongestionAlgorithm: UInt8, Hashable, Sendable, CaseIterable {
    /// It does not: what the window of the other side allows is sent.
    case none
    /// Slow start, and then a segment more each round trip; half of it after a loss (RFC 5681).
    case reno
    /// Grows with the cube of the time since the last loss (RFC 9438).
    case cubic
}

/// Options that many endpoints share, so that each holds a reference and not a copy.
package final class SharedTCPOptions: Sendable {
    package let options: TCPOptions

    package init(_ options: TCPOptions) { self.options = options }
}
