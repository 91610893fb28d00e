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

    /// Messages that the send queue holds, reliable and unreliable together; 1…1,000,000.
    public var queueCapacity = 64
    /// The largest payload of a message, sent or received, in bytes; 1…16 MiB.
    public var maximumPayload = 1_048_576
    /// How long a connect attempt may take, handshake of the peers included; 1 ms…1 h.
    public var connectTimeout: Duration = .seconds(3)
    /// Waits between connect attempts.
    public var backoff = Backoff()
    /// Leaves an endpoint alone that fails again and again; nil for never.
    public var breaker: Breaker?
    /// Monitoring of the connection; nil for none.
    public var heartbeat: Heartbeat? = Heartbeat()
    /// Whether a lost connection is opened again; without, the peer fails on the first loss.
    public var reconnects = true
    /// The name that the other side must give; nil for any. A peer that gives another is not tried again.
    public var expectedName: String?
    /// Sessions that a server has at a time at most; further peers are refused; 1…1,000,000.
    public var maximumSessions = 65_536
    /// Settled messages that ``Peer/ledger`` remembers beside all that are not settled; 1…1,000,000, nil for no ledger, which
    /// costs nothing.
    public var ledger: Int?
    /// Frames written in one vectored write at most; 1…1,024.
    public var batch = 64

    /// The defaults, which suit a local network.
    public init() {}
}

extension PeerConfig {
    /// One building: short waits.
    public static let lan = PeerConfig()

    /// The internet: round trips of up to a second, and no hurry to hammer a host that is down.
    public static var wan: PeerConfig {
        var config = PeerConfig()
        config.connectTimeout = .seconds(10)
        config.backoff.initial = .milliseconds(500)
        config.backoff.maximum = .seconds(60)
        config.heartbeat = Heartbeat(interval: .seconds(5), timeout: .seconds(20))
        config.queueCapacity = 1_024
        return config
    }

    /// Tests: everything soon.
    public static var test: PeerConfig {
        var config = PeerConfig()
        config.connectTimeout = .milliseconds(500)
        config.backoff.initial = .milliseconds(10)
        config.backoff.maximum = .milliseconds(200)
        config.heartbeat = Heartbeat(interval: .milliseconds(100), timeout: .milliseconds(300))
        return config
    }

    /// Checks every field.
    ///
    /// - Returns: the fields that are out of range, in the order of their declaration; none for a valid configuration.
    public func validate() -> [ConfigViolation] {
        var violations: [ConfigViolation] = []
        func check(_ holds: Bool, _ field: String, _ allowed: String) {
            if !holds { violations.append(ConfigViolation(field: field, allowed: allowed)) }
        }
        let millisecond = Duration.milliseconds(1)
        let hour = Duration.seconds(3_600)
        check((1...1_000_000).contains(queueCapacity), "queue", "1…1000000 messages")
        check((1...16_777_216).contains(maximumPayload), "maximum-payload", "1 B…16 MiB")
        check((millisecond...hour).contains(connectTimeout), "connect-timeout", "1ms…60m")
        check((millisecond...hour).contains(backoff.initial), "backoff.initial", "1ms…60m")
        check(backoff.maximum >= backoff.initial && backoff.maximum <= hour, "backoff.maximum", "backoff.initial…60m")
        check((0...1).contains(backoff.jitter), "backoff.jitter", "0…1")
        check((.zero...hour).contains(backoff.resetAfter), "backoff.reset-after", "0s…60m")
        check(backoff.attempts.map { (1...1_000_000).contains($0) } ?? true, "backoff.attempts", "1…1000000")
        if let heartbeat {
            check((millisecond...hour).contains(heartbeat.interval), "heartbeat.interval", "1ms…60m")
            check(
                heartbeat.timeout > heartbeat.interval && heartbeat.timeout <= .seconds(86_400), "heartbeat.timeout",
                "more than heartbeat.interval, at most 1440m")
            if let phi = heartbeat.phiAccrual {
                check((1...16).contains(phi.threshold), "heartbeat.phi.threshold", "1…16")
                check((2...1_000).contains(phi.window), "heartbeat.phi.window", "2…1000 answers")
                check((.zero...hour).contains(phi.minimumDeviation), "heartbeat.phi.minimum-deviation", "0s…60m")
            }
            check(heartbeat.reconnectBelow.map { (0...1).contains($0) } ?? true, "heartbeat.reconnect-below", "0…1")
        }
        if let breaker {
            check((1...1_000_000).contains(breaker.failures), "breaker.failures", "1…1000000")
            check((millisecond...hour).contains(breaker.openFor), "breaker.open-for", "1ms…60m")
            check((1...1_000).contains(breaker.probes), "breaker.probes", "1…1000")
        }
        check(expectedName.map { (1...255).contains($0.utf8.count) } ?? true, "expects", "a name of 1…255 bytes")
        check((1...1_000_000).contains(maximumSessions), "sessions", "1…1000000")
        check(ledger.map { (1...1_000_000).contains($0) } ?? true, "ledger", "1…1000000 messages")
        check((1...1_024).contains(batch), "batch", "1…1024 frames")
        return violations
    }
}
