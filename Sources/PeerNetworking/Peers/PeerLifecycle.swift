import Bug

/// The life of a peer's connection as a value: each input gives the next directive, and the shell carries it out.
struct PeerLifecycle {
    /// What the shell must do next.
    enum Directive: Hashable {
        /// Wait until a message is to be sent or a connection is asked for.
        case awaitDemand
        /// Open a connection; the attempt's number, from 1 after the last good connection.
        case attempt(Int)
        /// Wait before the next attempt.
        case backOff(attempt: Int, delay: Duration)
        /// Nothing more: the peer is closed or has given up.
        case stop
    }

    private enum Phase: Hashable {
        case idle
        case attempting
        case backingOff
        case connected(since: Instant)
        case closed
        case failed(NetworkError)
    }

    private let reconnects: Bool
    private let mostFailures: Int?
    private var phase = Phase.idle
    private var backoff: BackoffSchedule
    private var hasBeenConnected = false

    init(config: PeerConfig) {
        reconnects = config.reconnects
        mostFailures = config.backoff.attempts
        backoff = BackoffSchedule(config.backoff)
    }

    /// Failures in a row, short-lived connections among them.
    var failures: Int { backoff.failures }

    /// The state that others see.
    var state: PeerState {
        switch phase {
        case .idle: .idle
        case .attempting, .backingOff: hasBeenConnected ? .reconnecting : .connecting
        case .connected: .connected
        case .closed: .closed
        case .failed: .failed
        }
    }

    /// The error it gave up with.
    var failure: NetworkError? {
        if case .failed(let error) = phase { error } else { nil }
    }

    /// Whether messages may be queued.
    var admitsMessages: Bool {
        switch phase {
        case .closed, .failed: false
        default: true
        }
    }

    /// A message is to be sent, or the owner asks for a connection.
    mutating func demand() -> Directive {
        switch phase {
        case .idle:
            phase = .attempting
            return .attempt(failures + 1)
        case .failed:
            return .stop
        case .closed:
            return .stop
        case .attempting, .backingOff, .connected:
            bug("demand in phase \(phase)")
        }
    }

    /// The attempt has led to a connection, the other side's hello included.
    mutating func connected(at now: Instant) {
        guard case .attempting = phase else { bug("connected in phase \(phase)") }
        phase = .connected(since: now)
        hasBeenConnected = true
    }

    /// The attempt has failed.
    ///
    /// - Parameter fraction: a draw in 0 ..< 1 for the jitter.
    mutating func attemptFailed(_ error: NetworkError, fraction: Double) -> Directive {
        guard case .attempting = phase else { return .stop }
        return backOff(after: error, fraction: fraction)
    }

    /// The connection is lost.
    mutating func lost(_ error: NetworkError, at now: Instant, fraction: Double) -> Directive {
        guard case .connected(let since) = phase else { return .stop }
        backoff.connectionEnded(after: since.duration(to: now))
        guard reconnects else {
            phase = .failed(error)
            return .stop
        }
        return backOff(after: error, fraction: fraction)
    }

    private mutating func backOff(after error: NetworkError, fraction: Double) -> Directive {
        backoff.fail()
        // One that is incompatible stays so, however often it is tried.
        if !reconnects || error.code == .incompatible {
            phase = .failed(error)
            return .stop
        }
        if let limit = mostFailures, failures >= limit {
            var last = error
            last.reason = "gave up after \(failures) failures in a row: \(error)"
            last.code = .retriesExhausted
            phase = .failed(last)
            return .stop
        }
        phase = .backingOff
        return .backOff(attempt: failures, delay: backoff.next(fraction: fraction))
    }

    /// The connection was closed since nobody used it: the next message opens another.
    mutating func idled(at now: Instant) -> Directive {
        guard case .connected(let since) = phase else { return .stop }
        backoff.connectionEnded(after: since.duration(to: now))
        phase = .idle
        return .awaitDemand
    }

    /// The wait is over.
    mutating func backedOff() -> Directive {
        guard case .backingOff = phase else { return .stop }
        phase = .attempting
        return .attempt(failures + 1)
    }

    /// The owner closes the peer.
    mutating func close() {
        phase = .closed
    }

    /// The owner asks a peer that gave up to try again.
    ///
    /// - Returns: whether it had given up.
    mutating func revive() -> Bool {
        guard case .failed = phase else { return false }
        phase = .idle
        backoff.reset()
        return true
    }
}
