import Synchronization

public import Logging
public import CoreMetrics
public import PeerNetworking
public import Tracing

/// An observer for production: it measures, logs and traces what peers tell, and passes it on.
///
/// ```swift
/// let observer = PeerInstruments(clock: time, metrics: MetricsSystem.factory, logger: Logger(label: "peers"))
/// ```
public final class PeerInstruments: PeerObserver {
    private struct State {
        var names: [PeerNumber: String] = [:]
        var numbers: [PeerNumber: PeerNumber] = [:]
        var made: Int32 = 0
        var meter: PeerMeter?
        var log: PeerLog?
        var tracer: PeerTracer?
    }

    private let clock: any TimeProvider
    private let next: (any PeerObserver)?
    private let state: Mutex<State>

    /// Makes an observer; what is nil is not done.
    ///
    /// - Parameters:
    ///   - clock: the process's clock.
    ///   - metrics: a backend of swift-metrics.
    ///   - logger: a log, of swift-log.
    ///   - tracer: a tracer, by default the one that is installed, if one is.
    ///   - next: hears everything too.
    public init(
        clock: any TimeProvider, metrics: (any MetricsFactory)? = nil, logger: Logger? = nil,
        tracer: any Tracer = InstrumentationSystem.tracer, next: (any PeerObserver)? = nil
    ) {
        self.clock = clock
        self.next = next
        var state = State()
        state.meter = metrics.map { PeerMeter(factory: $0) }
        state.log = logger.map { PeerLog($0) }
        state.tracer = PeerTracer(tracer)
        self.state = Mutex(state)
    }

    /// Numbers peers in the order in which they come.
    public func register(_ name: String, queueCapacity: Int) -> PeerNumber {
        let passedOn = next?.register(name, queueCapacity: queueCapacity)
        return state.withLock { state in
            let number = PeerNumber(state.made)
            state.made += 1
            state.names[number] = name
            state.numbers[number] = passedOn
            return number
        }
    }

    /// Measures, logs and traces the event, and passes it on.
    public func note(_ event: PeerEvent, of peer: PeerNumber) {
        if let passedOn = measure(event, of: peer) { next?.note(event, of: passedOn) }
    }

    /// Measures, logs and traces the event as the peer's, and passes it on as the session's.
    public func note(_ event: PeerEvent, of peer: PeerNumber, in session: PeerSession) {
        if let passedOn = measure(event, of: peer) { next?.note(event, of: passedOn, in: session) }
    }

    /// - Returns: the peer's number with the next observer.
    private func measure(_ event: PeerEvent, of peer: PeerNumber) -> PeerNumber? {
        let now = clock.now
        return state.withLock { state in
            let name = state.names[peer] ?? "?"
            state.meter?.note(event, of: peer, named: name, at: now)
            state.log?.note(event, of: peer, named: name)
            state.tracer?.note(event, of: peer, named: name, at: now)
            return state.numbers[peer]
        }
    }
}
