import CoreMetrics
import PeerNetworking
import PeerObservation
import SimNetwork

/// What a run measured, in the OpenMetrics text format: what the peers told, and the counts of the network.
public struct MetricsReport {
    /// The text, its end mark included.
    public let text: String

    private static let descriptions: [(name: String, words: String)] = [
        ("run_events", "Events of the run"),
        ("run_elapsed_seconds", "Time on the run's clock"),
        ("network_connections", "Connections by what became of them"),
        ("network_segments", "Segments on all links, by what became of them"),
        ("network_fault_effects", "What faults did: segments, calls and connections concerned"),
    ]

    /// Measures a session up to its cursor.
    public init(_ snapshot: Snapshot) {
        let metrics = OpenMetrics(descriptions: PeerMeter.descriptions + Self.descriptions)
        var meter = PeerMeter(factory: metrics)
        for number in stride(from: 1, through: snapshot.event, by: 1) {
            let record = snapshot.records[event: number]
            let now = Instant(nanoseconds: record.time)
            for change in record.changes {
                guard case .peer(let peer, let event) = change else { continue }
                meter.note(event, of: peer, named: snapshot.peerNames[Int(peer.index)], at: now)
            }
        }
        Self.count(snapshot, in: metrics)
        text = metrics.text
    }

    private static func count(_ snapshot: Snapshot, in metrics: OpenMetrics) {
        func count(_ label: String, _ dimension: (String, String)?, _ amount: Int64) {
            Counter(label: label, dimensions: dimension.map { [$0] } ?? [], factory: metrics).increment(by: amount)
        }
        let totals = snapshot.world.totals
        count("run_events", nil, Int64(snapshot.event))
        Gauge(label: "run_elapsed_seconds", factory: metrics).record(Double(snapshot.reached) / 1e9)
        for (event, amount) in [
            ("attempted", totals.attempted), ("established", totals.established), ("refused", totals.refused),
            ("timed_out", totals.timedOut), ("reset", totals.reset), ("closed", totals.closed),
        ] { count("network_connections", ("event", event), amount) }
        guard snapshot.traits.hasSegments else { return }
        for (event, amount) in [
            ("sent", totals.segmentsSent), ("delivered", totals.segmentsArrived), ("lost", totals.segmentsLost),
            ("retransmitted", totals.retransmitted),
        ] { count("network_segments", ("event", event), amount) }
        for family in FaultFamily.allCases {
            guard let counts = snapshot.world.faults.first(where: { $0.family == family }) else { continue }
            count("network_fault_effects", ("fault", family.rawValue), counts.effects)
        }
    }
}
