extension PeerConfig {
    /// One building: short waits.
    public static let lan = PeerConfig()

    /// The internet: round trips of up to a second, and no hurry to hammer a host that is down.
    public static var wan: PeerConfig {
        var config = PeerConfig()
        config.connectTimeout = .seconds(10)
        config.handshakeTimeout = .seconds(10)
        config.closeTimeout = .seconds(10)
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
        config.handshakeTimeout = .milliseconds(500)
        config.backoff.initial = .milliseconds(10)
        config.backoff.maximum = .milliseconds(200)
        config.heartbeat = Heartbeat(interval: .milliseconds(100), timeout: .milliseconds(300))
        return config
    }

    /// A simulated network, where waiting costs nothing and what happens is to be seen: every message's fate is kept, queues
    /// are short, so that they fill while one looks, and no wait is longer than a viewer's patience.
    public static var simulation: PeerConfig {
        var config = PeerConfig()
        config.ledger = 1_024
        config.queueCapacity = 16
        config.inbox = 64
        config.backoff.maximum = .seconds(2)
        config.backoff.resetAfter = .seconds(2)
        config.readTimeout = .seconds(10)
        config.writeTimeout = .seconds(10)
        return config
    }

    /// Sockets in production, where a real kernel hides what is slow and other parties share it: queues that keep a fast
    /// path full, every wait bounded, an endpoint that is down left alone, idle connections given back, and writes
    /// gathered for as long as nobody notices.
    public static var production: PeerConfig {
        var config = PeerConfig.wan
        config.queueCapacity = 4_096
        config.inbox = 4_096
        config.readTimeout = .seconds(60)
        config.writeTimeout = .seconds(30)
        config.idleTimeout = .seconds(600)
        config.breaker = Breaker()
        config.heartbeat?.phiAccrual = PhiAccrual()
        config.batch = 256
        return config
    }
}
