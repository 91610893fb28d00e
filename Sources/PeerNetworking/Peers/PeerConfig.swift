/// How a peer keeps its connection and its messages.
///
/// The presets differ by what the network is: ``lan`` for one building, ``wan`` for the internet, ``test`` for runs
/// that should show much in little time.
public struct PeerConfig: Hashable, Sendable {
    /// How a peer notices that the other side is gone: it asks, and waits for the answer.
    public struct Heartbeat: Hashable, Sendable {
        /// How often the other side is asked; 1 ms…1 h.
        public var interval: Duration
        /// How long a silence is borne; more than `interval`, at most 24 h.
        public var timeout: Duration
        /// Learns from the answers how long a silence is usual, and gives up before `timeout` where one is not; nil for
        /// the timeout alone.
        public var phiAccrual: PhiAccrual?
        /// The ``ConnectionHealth/score`` below which a connection counts as degraded, and is opened anew before it
        /// fails; 0…1, nil for never.
        public var reconnectBelow: Double?

        /// Asks every second and bears two of silence, or as given.
        public init(
            interval: Duration = .seconds(1), timeout: Duration = .seconds(2), phiAccrual: PhiAccrual? = nil,
            reconnectBelow: Double? = nil
        ) {
            self.interval = interval
            self.timeout = timeout
            self.phiAccrual = phiAccrual
            self.reconnectBelow = reconnectBelow
        }
    }

    // What it holds.

    /// Messages that the send queue holds, reliable and unreliable together; 1…1,000,000. Enough for a round trip's worth,
    /// and few enough that a sender notices soon that nothing gets through.
    public var queueCapacity = 64
    /// Bytes of payload that the send queue holds; ``maximumPayload``…1 GiB. Whichever bound is reached first makes ``Peer/send``
    /// wait.
    public var queueBytes = 16_777_216
    /// The part of the send queue, by messages or by bytes, from which on it counts as pressed: more than ``lowWater``…1.
    /// An application that can do with less hears of it (``PeerEvent/pressure(_:)``) before ``Peer/send`` waits.
    public var highWater = 0.75
    /// The part of the send queue at which it counts as pressed no longer; 0 to less than ``highWater``. Apart from it, so
    /// that not each message changes it.
    public var lowWater = 0.25
    /// Messages that have arrived and that the application has not taken; 1…1,000,000. The other side learns it by the
    /// hello, and sends no more reliable ones; further unreliable ones are dropped.
    public var inbox = 1_024
    /// Bytes of payload that have arrived and that the application has not taken; ``maximumPayload``…1 GiB. With ``inbox``
    /// it bounds what another peer can make this one hold.
    public var inboxBytes = 16_777_216
    /// The largest payload of a message, sent or received, in bytes; 1…16 MiB.
    public var maximumPayload = 1_048_576

    // How long things may take.

    /// How long a connect attempt may take, handshake of the peers included; 1 ms…1 h.
    public var connectTimeout: Duration = .seconds(3)
    /// How long the other side's hello may take once the connection is there; 1 ms…1 h. For a server it bounds how long
    /// one that says nothing, or says it byte by byte, keeps a session.
    public var handshakeTimeout: Duration = .seconds(3)
    /// How long nothing at all may arrive over a connection before it is lost; 1 ms…24 h, nil for ever. With a heartbeat
    /// its timeout does this, and sooner.
    public var readTimeout: Duration?
    /// How long the connection may take no bytes of what is written before it is lost; 1 ms…24 h, nil for ever: an
    /// application that reads slowly on the other side is no failure.
    public var writeTimeout: Duration?
    /// How long a connection may carry no message before it is closed; 1 ms…24 h, nil for ever. The next message opens it
    /// again. Longer than the longest answer takes: nobody knows here that one is being made.
    public var idleTimeout: Duration?
    /// How often it is looked whether a connection is used, in one of its timeouts: it is closed within as much more.
    static let looksInIdleTimeout = 4
    /// How long ``Peer/close(flushingFor:)`` waits for what is not confirmed; 0…1 h.
    public var closeTimeout: Duration = .seconds(1)

    // How it connects again.

    /// Waits between connect attempts.
    public var backoff = Backoff()
    /// Leaves an endpoint alone that fails again and again; nil for never.
    public var breaker: Breaker?
    /// Monitoring of the connection; nil for none.
    public var heartbeat: Heartbeat? = Heartbeat()
    /// Whether a lost connection is opened again; without, the peer fails on the first loss.
    public var reconnects = true

    // With whom, and what is remembered.

    /// The name that the other side must give; nil for any. A peer that gives another is not tried again.
    public var expectedName: String?
    /// Sessions that a server has at a time at most; further peers are refused; 1…1,000,000.
    public var maximumSessions = 65_536
    /// Settled messages that ``Peer/ledger`` remembers beside all that are not settled; 1…1,000,000, nil for no ledger, which
    /// costs nothing.
    public var ledger: Int?

    // When it writes.

    /// Frames written in one vectored write at most; 1…1,024, the vectors that Linux takes (`IOV_MAX`).
    public var batch = 64
    /// Bytes after which a vectored write takes no further frame; 1 B…16 MiB. Beyond a socket's buffer a longer one only
    /// makes control frames wait.
    public var batchBytes = 262_144
    /// How long a message may wait for others to be written with it; 0…1 s. 0 writes at once: on one machine and in one
    /// building a system call costs less than the wait. ``Peer/flush()`` ends it.
    public var linger: Duration = .zero

    /// The defaults, which suit a local network.
    public init() {}
}
