import CoreMetrics
import PeerNetworking
import PeerObservation
package import SimNetwork

/// What a run measured, in the OpenMetrics text format: what the peers told, and the counts of the network.
public struct MetricsReport {
    /// The text, its end mark included.
    public let text: String

    fileprivate static let descriptions: [(name: String, words: String)] = [
        ("run_events", "Events of the run"),
        ("run_elapsed_seconds", "Time on the run's clock"),
        ("network_connections", "Connections by what became of them"),
        ("network_segments", "Segments on all links, by what became of them"),
        ("network_fault_effects", "What faults did: segments, calls and connections concerned"),
        ("network_faults", "Faults that were armed, set, drawn for, struck and ended"),
        ("run_info", "Which run it is, and how it ended"),
        ("run_messages", "Messages of all peers together, by what became of them"),
        ("run_expectation", "What was to hold, and whether it did"),
        ("run_invariant", "Invariants that were checked, and whether they held"),
        ("run_buggify_site", "Sites of deliberate misbehaviour: armed, drawn for, fired"),
        ("run_knob", "Configurations that buggify turned"),
        ("run_peer_state", "The state of a peer at the end"),
        ("run_peer_why", "Why a peer stands as it does at the end"),
        ("run_peer_circuit", "The circuit of a peer to its endpoint at the end"),
        ("run_peer_reconnects", "Connections of a peer after its first"),
        ("run_peer_queue_depth", "Messages that a peer holds at the end"),
        ("run_peer_queue_capacity", "Messages that a peer may hold; of a server, in each of its sessions"),
        ("run_peer_queue_high_water", "The most messages that a peer ever held"),
        ("run_peer_rtt_seconds", "Quantiles of the round trips that a peer measured"),
        ("run_expectation_reason", "What was not as it was to be"),
        ("run_expectation_message", "The message that an expectation failed by"),
        ("run_expectation_event", "The event that decided an expectation"),
        ("run_expectation_seconds", "The time of the event that decided an expectation"),
        ("run_invariant_event", "The event that broke an invariant"),
        ("run_unavailable", "Faults of the lab that this network cannot produce"),
        ("run_program_exit", "The exit status of a program that has ended"),
        ("run_program_log", "The file that a program has written to"),
        ("run_wire_late_seconds", "Quantiles of how late packets were that a real wire carried"),
        ("run_wire_packets", "Packets that a real wire carried"),
        ("run_error", "Why the run could not go on"),
    ]

    /// Measures a session, which keeps its past, up to its cursor.
    public init(_ snapshot: Snapshot) {
        let measures = PeerMeasures()
        let names = Names(snapshot)
        for number in stride(from: 1, through: snapshot.event, by: 1) {
            measures.takes(snapshot.records[event: number], names)
        }
        self.init(snapshot, measures)
    }

    /// Measures a session at its cursor, with what was measured by then as it happened.
    package init(_ snapshot: Snapshot, _ measures: PeerMeasures) {
        let metrics = measures.metrics
        for fact in RunReport(snapshot).facts {
            if let metric = fact.metric { Self.measure(metric, in: metrics) }
        }
        text = metrics.text
    }

    private static func measure(_ metric: Fact.Metric, in metrics: OpenMetrics) {
        let labels = metric.labels.map { ($0.name, $0.value) }
        switch metric.value {
        case .count(let count):
            Counter(label: metric.name, dimensions: labels, factory: metrics).increment(by: count)
        case .gauge(let value):
            Gauge(label: metric.name, dimensions: labels, factory: metrics).record(value)
        case .text(let text, let label):
            Gauge(label: metric.name, dimensions: labels + [(label, text)], factory: metrics).record(1)
        }
    }
}

/// What the peers of a run tell, measured as it happens.
package final class PeerMeasures: RunFollower {
    fileprivate let metrics = OpenMetrics(descriptions: PeerMeter.descriptions + MetricsReport.descriptions)
    private var meter: PeerMeter

    /// Begins before the first event.
    package init() { meter = PeerMeter(factory: metrics) }

    /// Takes in an event.
    package func takes(_ record: EventRecord, _ names: Names) {
        let now = Instant(nanoseconds: record.time)
        for change in record.changes {
            guard case .peer(let peer, let event, _) = change else { continue }
            meter.note(event, of: peer, named: names.name(peer), at: now)
        }
    }
}
