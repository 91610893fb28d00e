import Synchronization

extension PeerConfig {
    /// When an endpoint that fails again and again is left alone for a while (Nygard, "Release It!", 2007).
    public struct Breaker: Hashable, Sendable {
        /// Failures in a row that open the circuit, attempts and connections that did not live for
        /// ``Backoff/resetAfter``; 1…1,000,000.
        public var failures: Int
        /// How long it stays open before a connection is tried again; 1 ms…1 h.
        public var openFor: Duration
        /// Successful attempts in a row, while it is half open, that close it; 1…1,000.
        public var probes: Int

        /// Opens after five failures for ten seconds, and closes with the first success, or as given.
        public init(failures: Int = 5, openFor: Duration = .seconds(10), probes: Int = 1) {
            self.failures = failures
            self.openFor = openFor
            self.probes = probes
        }
    }
}

/// Whether an endpoint is tried.
public enum CircuitState: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// It is.
    case closed
    /// It failed too often, and is left alone for a while.
    case open
    /// It has been left alone long enough: one attempt at a time shows whether it is back.
    case halfOpen

    /// The state in words.
    public var description: String {
        switch self {
        case .closed: "closed"
        case .open: "open"
        case .halfOpen: "half-open"
        }
    }
}

/// A circuit breaker as a value: outcomes of attempts go in, and whether another may be made comes out.
struct CircuitBreaker {
    /// Stands for an attempt that was let through: its outcome is told with it.
    struct Permit: Hashable {
        fileprivate var number: UInt64
    }

    private enum Phase: Hashable {
        /// So many failures in a row.
        case closed(failures: Int)
        case open(until: Instant)
        /// The number of the first probe, how many in a row have led to a connection, and the one that is under way.
        case halfOpen(since: UInt64, successes: Int, probe: Permit?)
    }

    let config: PeerConfig.Breaker
    private var phase = Phase.closed(failures: 0)
    private var permits: UInt64 = 0

    init(_ config: PeerConfig.Breaker) {
        self.config = config
    }

    var state: CircuitState {
        switch phase {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        }
    }

    /// When it lets an attempt through again; nil where that does not depend on time.
    var opensUntil: Instant? {
        if case .open(let until) = phase { until } else { nil }
    }

    /// Lets an attempt through, or not: nil. It counts as under way until its outcome is told.
    mutating func permit(at now: Instant) -> Permit? {
        switch phase {
        case .closed:
            return nextPermit()
        case .open(let until):
            guard now >= until else { return nil }
            let probe = nextPermit()
            phase = .halfOpen(since: probe.number, successes: 0, probe: probe)
            return probe
        case .halfOpen(let since, let successes, let probe):
            guard probe == nil else { return nil }
            let next = nextPermit()
            phase = .halfOpen(since: since, successes: successes, probe: next)
            return next
        }
    }

    private mutating func nextPermit() -> Permit {
        permits += 1
        return Permit(number: permits)
    }

    /// An attempt has led to a connection, which may not last: it counts as a probe, and not against the failures.
    mutating func connected(_ permit: Permit) {
        guard case .halfOpen(let since, let successes, permit) = phase else { return }
        let count = successes + 1
        phase = count >= config.probes ? .closed(failures: 0) : .halfOpen(since: since, successes: count, probe: nil)
    }

    /// The connection of an attempt has proved stable.
    mutating func proved(_ permit: Permit) {
        if isNews(permit) { phase = .closed(failures: 0) }
    }

    /// An attempt has failed, or its connection did not last.
    mutating func failed(_ permit: Permit, at now: Instant) {
        guard isNews(permit) else { return }
        if case .closed(let failures) = phase, failures + 1 < config.failures {
            phase = .closed(failures: failures + 1)
        } else {
            phase = .open(until: now.advanced(by: config.openFor))
        }
    }

    /// An attempt was given up before it had an outcome.
    mutating func abandoned(_ permit: Permit) {
        if case .halfOpen(let since, let successes, permit) = phase {
            phase = .halfOpen(since: since, successes: successes, probe: nil)
        }
    }

    /// Whether the outcome of an attempt says something of the endpoint: not where the circuit opened after it.
    private func isNews(_ permit: Permit) -> Bool {
        switch phase {
        case .closed: true
        case .open: false
        case .halfOpen(let since, _, _): permit.number >= since
        }
    }
}

/// The circuit breaker of an endpoint, shared by the peers of a process that connect there.
public final class EndpointBreaker: Sendable {
    private let breaker: Mutex<CircuitBreaker>

    /// Makes a breaker with a closed circuit.
    ///
    /// - Parameter config: one that ``PeerConfig/validate()`` finds nothing wrong with.
    public init(_ config: PeerConfig.Breaker) {
        breaker = Mutex(CircuitBreaker(config))
    }

    /// Whether the endpoint is tried.
    public var state: CircuitState { breaker.withLock(\.state) }

    /// When an open circuit lets an attempt through again; nil where it is not open.
    var opensUntil: Instant? { breaker.withLock(\.opensUntil) }

    func permit(at now: Instant) -> CircuitBreaker.Permit? { breaker.withLock { $0.permit(at: now) } }
    func connected(_ permit: CircuitBreaker.Permit) { breaker.withLock { $0.connected(permit) } }
    func proved(_ permit: CircuitBreaker.Permit) { breaker.withLock { $0.proved(permit) } }
    func failed(_ permit: CircuitBreaker.Permit, at now: Instant) { breaker.withLock { $0.failed(permit, at: now) } }
    func abandoned(_ permit: CircuitBreaker.Permit) { breaker.withLock { $0.abandoned(permit) } }
}
