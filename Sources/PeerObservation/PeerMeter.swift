public import CoreMetrics
public import PeerNetworking

/// Measures peers by what they tell, and reports to any backend of swift-metrics.
///
/// Every metric has the dimension `peer`. Times are recorded in nanoseconds, as swift-metrics has them.
///
/// | metric | kind | what it is |
/// | --- | --- | --- |
/// | `peer_messages` | counter, by `event` | messages queued, sent, requeued, delivered, dropped, discarded, suppressed |
/// | `peer_jobs` | counter, by `event` | jobs given, given again, begun, done, counted, … of a queue or a worker |
/// | `peer_messages_dropped` | counter, by `reason` | messages that will never be sent |
/// | `peer_message_bytes` | counter, by `direction` | payload queued (`out`) and delivered (`in`) |
/// | `peer_connections` | counter | connections with their handshake done |
/// | `peer_connection_losses` | counter, by `reason` | connections lost, and attempts failed for good |
/// | `peer_connect_attempts_failed` | counter | waits before another attempt |
/// | `peer_heartbeats_missed` | counter | silences that were too long |
/// | `peer_connected` | meter | 1 while there is a connection |
/// | `peer_queue_depth` | meter | messages held |
/// | `peer_pressed` | meter | 1 while the queue is above its high water mark |
/// | `peer_circuit_open` | meter | 1 while its circuit is open |
/// | `peer_round_trip_seconds` | timer | heartbeats |
/// | `peer_queue_time_seconds` | timer | from admission to the connection, requeuing not counted |
/// | `peer_confirmation_time_seconds` | timer | from admission to the other side's confirmation |
/// | `peer_request_seconds` | timer, by `outcome` | requests, retries included |
public struct PeerMeter {
    /// What each metric is, for backends that say so.
    public static let descriptions: [(name: String, words: String)] = [
        ("peer_messages", "Messages, by what became of them"),
        ("peer_jobs", "Jobs of queues, by what became of them"),
        ("peer_messages_dropped", "Messages that will never be sent, by reason"),
        ("peer_message_bytes", "Payload of messages queued (out) and delivered (in)"),
        ("peer_connections", "Connections with their handshake done"),
        ("peer_connection_losses", "Connections lost, by reason"),
        ("peer_connect_attempts_failed", "Connect attempts that failed"),
        ("peer_heartbeats_missed", "Silences that were too long"),
        ("peer_connected", "Whether there is a connection"),
        ("peer_queue_depth", "Messages held by the send queue"),
        ("peer_pressed", "Whether the send queue is above its high water mark"),
        ("peer_circuit_open", "Whether the circuit to the endpoint is open"),
        ("peer_round_trip_seconds", "Round trips of heartbeats"),
        ("peer_queue_time_seconds", "From a message's admission to its connection"),
        ("peer_confirmation_time_seconds", "From a message's admission to its confirmation"),
        ("peer_request_seconds", "Requests until their response, retries included"),
    ]

    private let factory: any MetricsFactory
    private var peers: [PeerNumber: PeerMetrics] = [:]

    /// Makes a meter.
    ///
    /// - Parameter factory: the backend, as `MetricsSystem.factory`.
    public init(factory: any MetricsFactory) {
        self.factory = factory
    }

    /// Takes in what a peer tells.
    ///
    /// - Parameters:
    ///   - name: the peer's name.
    ///   - now: when it was told.
    public mutating func note(
        _ event: PeerEvent, of peer: PeerNumber, named name: @autoclosure () -> String, at now: Instant
    ) {
        var metrics = peers[peer] ?? PeerMetrics(name: name(), factory: factory)
        metrics.note(event, at: now)
        peers[peer] = metrics
    }
}

/// The metrics of one peer.
private struct PeerMetrics {
    private let name: String
    private let factory: any MetricsFactory
    private var counters: [String: Counter] = [:]
    private var timers: [String: Timer] = [:]
    private let connected: Meter
    private let depth: Meter
    private let pressed: Meter
    private let circuit: Meter
    /// When each message was admitted that is held; the sessions of a server number theirs alike and are left out.
    private var admitted: [UInt64: Admission] = [:]
    private var confirmed: UInt64 = 0
    private var isServer = false

    /// When a message was admitted, and whether the other side will confirm it.
    private struct Admission {
        var since: Instant
        var isConfirmed: Bool
    }

    init(name: String, factory: any MetricsFactory) {
        self.name = name
        self.factory = factory
        func meter(_ label: String) -> Meter { Meter(label: label, dimensions: [("peer", name)], factory: factory) }
        connected = meter("peer_connected")
        depth = meter("peer_queue_depth")
        pressed = meter("peer_pressed")
        circuit = meter("peer_circuit_open")
    }

    private mutating func count(_ label: String, _ dimension: (String, String)? = nil, by amount: Int = 1) {
        let key = "\(label) \(dimension?.1 ?? "")"
        if counters[key] == nil {
            let dimensions = [("peer", name)] + (dimension.map { [$0] } ?? [])
            counters[key] = Counter(label: label, dimensions: dimensions, factory: factory)
        }
        counters[key]?.increment(by: amount)
    }

    private mutating func time(_ label: String, _ nanoseconds: Int64, _ dimension: (String, String)? = nil) {
        let key = "\(label) \(dimension?.1 ?? "")"
        if timers[key] == nil {
            let dimensions = [("peer", name)] + (dimension.map { [$0] } ?? [])
            timers[key] = Timer(
                label: label, dimensions: dimensions, preferredDisplayUnit: .seconds, factory: factory)
        }
        timers[key]?.recordNanoseconds(nanoseconds)
    }

    mutating func note(_ event: PeerEvent, at now: Instant) {
        switch event {
        case .state(let state, let code): note(state, code)
        case .attached: count("peer_connections")
        case .backoff: count("peer_connect_attempts_failed")
        case .queued, .sent, .requeued, .dropped, .acknowledged: noteOutgoing(event, at: now)
        case .delivered(_, _, let bytes):
            count("peer_messages", ("event", "delivered"))
            count("peer_message_bytes", ("direction", "in"), by: Int(bytes))
        case .discarded: count("peer_messages", ("event", "discarded"))
        case .suppressed: count("peer_messages", ("event", "suppressed"))
        case .refused: count("peer_messages", ("event", "refused"))
        case .pressure(let isPressed): pressed.set(isPressed ? 1 : 0)
        case .roundTrip(let nanoseconds): time("peer_round_trip_seconds", nanoseconds)
        case .heartbeatMissed: count("peer_heartbeats_missed")
        case .circuit(let state): circuit.set(state == .open ? 1 : 0)
        case .answered(_, let outcome, let nanoseconds):
            time("peer_request_seconds", nanoseconds, ("outcome", outcome.description))
        case .job(_, let turn): count("peer_jobs", ("event", "\(turn)"))
        case .asked, .blocked, .degraded, .progress, .finished: break
        }
    }

    private mutating func note(_ state: PeerState, _ code: NetworkError.Code?) {
        if state == .listening { isServer = true }
        connected.set(state == .connected ? 1 : 0)
        if let code, state != .connected {
            count("peer_connection_losses", ("reason", code.rawValue))
        }
    }

    /// What becomes of the messages that it was given to send.
    private mutating func noteOutgoing(_ event: PeerEvent, at now: Instant) {
        switch event {
        case .queued(let number, let bytes, let delivery, let held):
            count("peer_messages", ("event", "queued"))
            count("peer_message_bytes", ("direction", "out"), by: Int(bytes))
            depth.set(Int64(held))
            // Another life of the peer begins its numbers anew.
            if number <= confirmed { (admitted, confirmed) = ([:], number - 1) }
            if !isServer { admitted[number] = Admission(since: now, isConfirmed: delivery != .unreliable) }
        case .sent(let number, _, let held):
            count("peer_messages", ("event", "sent"))
            depth.set(Int64(held))
            guard let admission = admitted[number] else { return }
            time("peer_queue_time_seconds", admission.since.duration(to: now).inNanoseconds)
            // Nobody will say more of it.
            if !admission.isConfirmed { admitted[number] = nil }
        case .requeued(_, let held):
            count("peer_messages", ("event", "requeued"))
            depth.set(Int64(held))
        case .dropped(let number, let reason, let held):
            count("peer_messages", ("event", "dropped"))
            count("peer_messages_dropped", ("reason", reason.description))
            depth.set(Int64(held))
            admitted[number] = nil
        case .acknowledged(let number, let held):
            depth.set(Int64(held))
            guard !isServer, number > confirmed else { return }
            for settled in confirmed + 1...number {
                guard let admission = admitted.removeValue(forKey: settled) else { continue }
                time("peer_confirmation_time_seconds", admission.since.duration(to: now).inNanoseconds)
            }
            confirmed = number
        default: break
        }
    }
}
