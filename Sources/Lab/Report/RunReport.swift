import PeerNetworking
import SimNetwork

/// The result of a run, as `run` and `replay` print it. The field names are those of the JSON object.
public struct RunReport: Codable, Hashable, Sendable {
    /// Connections by what became of them.
    public struct Connections: Codable, Hashable, Sendable {
        var attempted, established, refused, timed_out, reset, closed: Int64
        /// The attempts that ended, or go on, without an answer of the network: whoever asked gave them up by a timeout of
        /// its own, or waits.
        var unanswered: Int64
    }

    /// Messages of all peers together.
    public struct Messages: Codable, Hashable, Sendable {
        var sent, delivered, duplicated, dropped, requeued: Int64
        /// Unreliable ones that a connection has taken and not brought to its other end, and that is no more.
        var lost: Int64
        /// Not admitted, for the circuit to their endpoint was open.
        var refused: Int64
    }

    /// Segments on all links.
    public struct Segments: Codable, Hashable, Sendable {
        var sent, delivered, lost, retransmitted: Int64
    }

    /// Counts of a fault family.
    public struct Fault: Codable, Hashable, Sendable {
        var armed, set, drawn, fired, healed: Int64
        /// What it did: segments lost, held back, overtaken, damaged or copied, calls that failed or were cut short.
        var effects: Int64
    }

    /// A configuration that buggify turned.
    public struct Knob: Codable, Hashable, Sendable {
        var of, knob, value: String
    }

    /// Counts of a buggify site.
    public struct Site: Codable, Hashable, Sendable {
        var site: String
        var armed: Bool
        var draws, fired: Int64
    }

    /// A peer at the end.
    public struct PeerResult: Codable, Hashable, Sendable {
        /// Its send queue.
        struct Queue: Codable, Hashable, Sendable { var depth, high_water, capacity: Int32 }
        /// Quantiles of its round trips.
        package struct RoundTrips: Codable, Hashable, Sendable {
            @OrNull package var p50: Int64?
            @OrNull package var p99: Int64?
        }

        /// Its name.
        package var name: String
        var state: String
        /// Why it stands as it does.
        @OrNull var why: String?
        /// Whether its endpoint is tried; null for one that always does.
        @OrNull var circuit: String?
        var reconnects: Int32
        var queue: Queue
        package var rtt_ns: RoundTrips
        /// Its queue is that of a server's sessions together; the report for people tells.
        var isOfSessions = false

        private enum CodingKeys: String, CodingKey { case name, state, why, circuit, reconnects, queue, rtt_ns }
    }

    /// An expectation's verdict; null where it was not judged.
    public struct Verdict: Codable, Hashable, Sendable {
        var text: String
        @OrNull var held: Bool?
        /// The event after which the run stood so that it was decided.
        @OrNull var event: Int?
        /// When it was decided: its time or the end, for what was to be so then; when it came true, for what does so.
        @OrNull var t_ns: Int64?
        /// What was not as it should be, where the text does not say it.
        @OrNull var reason: String?
        /// The message that it failed by: `m41`.
        @OrNull var message: String?
    }

    /// An invariant that was checked.
    public struct InvariantResult: Codable, Hashable, Sendable {
        var name: String
        var held: Bool
        @OrNull var event: Int?
    }

    /// The lab's name.
    public var lab: String
    /// The seed.
    public var seed: UInt64
    /// `sim` or `loopback`.
    public var provider: String
    /// How it ended.
    public var outcome: Outcome
    /// How many events there were.
    public var events: Int
    /// Virtual time at the end; on loopback the time that passed.
    public var simulated_ns: Int64
    /// The fingerprint; null on loopback.
    @OrNull public var digest: String?
    /// A program, how it ended and where it wrote.
    public struct ProgramResult: Codable, Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its exit status, and 128 + n where a signal ended it; null while it runs.
        @OrNull public var exit: Int32?
        /// The file that it has written to.
        public var log: String
    }

    /// How late the wire was with so many packets, in nanoseconds.
    public struct Lateness: Codable, Hashable, Sendable {
        /// So many packets.
        public var packets: Int
        /// By so much at most half of them.
        public var p50: Int64
        /// By so much at most 99 of a hundred.
        public var p99: Int64
        /// The longest that the peers' thread, or the wire's, was kept from what it was to do.
        public var stall: Int64

        /// Makes one of its figures.
        public init(packets: Int, p50: Int64, p99: Int64, stall: Int64) {
            (self.packets, self.p50, self.p99, self.stall) = (packets, p50, p99, stall)
        }

        /// Reads one; recordings from before stalls were told have none.
        public init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            packets = try values.decode(Int.self, forKey: .packets)
            p50 = try values.decode(Int64.self, forKey: .p50)
            p99 = try values.decode(Int64.self, forKey: .p99)
            stall = try values.decodeIfPresent(Int64.self, forKey: .stall) ?? 0
        }
    }

    /// Connections.
    public var connections: Connections
    /// Messages.
    public var messages: Messages
    /// Segments; null on loopback.
    @OrNull public var segments: Segments?
    /// Faults by family.
    public var faults: [String: Fault]
    /// Buggify sites that were drawn for.
    public var buggify: [Site]
    /// Configurations that buggify turned.
    public var knobs: [Knob]
    /// Peers.
    public var peers: [PeerResult]
    /// Expectations.
    public var expectations: [Verdict]
    /// Invariants.
    public var invariants: [InvariantResult]
    /// Faults that this provider cannot produce.
    public var unavailable: [String]
    /// The lab's programs; left out where none ran.
    public var programs: [ProgramResult]?
    /// Which congestion control real sockets have had; left out in the simulation.
    public var congestion: [CongestionUse]?
    /// How late the wire was; left out where there was none.
    public var wire_late_ns: Lateness?
    /// Why the run could not go on, where it could not.
    public var error: String?

    /// Makes the report of a session at its cursor.
    public init(_ snapshot: Snapshot) {
        let world = snapshot.world
        lab = snapshot.lab.name
        seed = snapshot.seed
        provider = snapshot.provider.rawValue
        events = snapshot.event
        simulated_ns = snapshot.reached
        digest = snapshot.digest?.description
        let totals = world.totals
        connections = Connections(
            attempted: totals.attempted, established: totals.established, refused: totals.refused,
            timed_out: totals.timedOut, reset: totals.reset, closed: totals.closed,
            unanswered: max(0, totals.attempted - totals.established - totals.refused - totals.timedOut))
        messages = Messages(
            sent: world.peers.reduce(0) { $0 + $1.admitted }, delivered: world.peers.reduce(0) { $0 + $1.delivered },
            duplicated: world.peers.reduce(0) { $0 + $1.duplicates },
            dropped: world.peers.reduce(0) { $0 + $1.dropped },
            requeued: world.peers.reduce(0) { $0 + $1.requeued }, lost: world.messagesLost,
            refused: world.peers.reduce(0) { $0 + $1.refused })
        if snapshot.traits.hasSegments {
            segments = Segments(
                sent: totals.segmentsSent, delivered: totals.segmentsArrived, lost: totals.segmentsLost,
                retransmitted: totals.retransmitted)
        }
        faults = [:]
        for family in FaultFamily.allCases {
            let counts = world.faults.first { $0.family == family }
            let armed = snapshot.lab.timesArmed(family, seed: snapshot.seed)
            guard counts != nil || armed > 0 else { continue }
            faults[family.rawValue] = Fault(
                armed: armed, set: counts?.set ?? 0, drawn: counts?.drawn ?? 0, fired: counts?.fired ?? 0,
                healed: counts?.healed ?? 0,
                effects: counts?.effects ?? 0)
        }
        knobs = snapshot.lab.turnedKnobs(seed: snapshot.seed)
            .map { Knob(of: $0.subject, knob: $0.knob, value: $0.value) }
        buggify = snapshot.sites.filter(\.isOfBuggify).map {
            Site(site: $0.site.description, armed: $0.isArmed, draws: $0.draws, fired: $0.fired)
        }
        let roundTrips = snapshot.roundTrips ?? RoundTrips(snapshot.records, upTo: snapshot.event)
        peers = zip(snapshot.peerNames, world.peers).enumerated().map { index, peer in
            PeerResult(
                name: peer.0, state: peer.1.state.description, why: peer.1.why,
                circuit: peer.1.circuit?.description, reconnects: peer.1.reconnects,
                queue: PeerResult.Queue(
                    depth: peer.1.depth, high_water: peer.1.highWater, capacity: peer.1.capacity),
                rtt_ns: PeerResult.RoundTrips(
                    p50: roundTrips.quantile(50, of: index), p99: roundTrips.quantile(99, of: index)),
                isOfSessions: peer.1.isOfSessions)
        }
        expectations = snapshot.expectations.map { status in
            let held: Bool? =
                switch status.verdict {
                case .held: true
                case .failed: false
                case .open, .notJudged: nil
                }
            let event = held == nil ? nil : status.event
            return Verdict(
                text: status.text, held: held, event: event, t_ns: held == nil ? nil : status.decidedAt,
                reason: held == false ? status.reason : nil, message: held == false ? status.message : nil)
        }
        invariants = Invariant.allCases.map { invariant in
            let broken = snapshot.violation.flatMap { $0.invariant == invariant ? $0.event : nil }
            return InvariantResult(name: invariant.rawValue, held: broken == nil, event: broken)
        }
        // Those that nobody looked at are not said to hold.
        if !snapshot.checksInvariants { invariants.removeAll { $0.held && $0.name != Invariant.timeOrder.rawValue } }
        unavailable = snapshot.unavailable
        if !snapshot.programs.isEmpty { programs = ProgramResult.all(of: snapshot) }
        if !snapshot.congestion.isEmpty { congestion = snapshot.congestion }
        wire_late_ns = Lateness(snapshot)
        error = snapshot.failure
        outcome = snapshot.outcome
    }
}

extension RunReport.ProgramResult {
    /// Those of all programs.
    static func all(of snapshot: Snapshot) -> [RunReport.ProgramResult] {
        snapshot.programs.map { RunReport.ProgramResult(name: $0.name, exit: $0.exit, log: $0.log) }
    }
}

extension RunReport.Lateness {
    /// That of a wire which has carried something; nil of none.
    init?(_ snapshot: Snapshot) {
        guard let wire = snapshot.wire, wire.packets > 0 else { return nil }
        self.init(packets: wire.packets, p50: wire.percentile(50), p99: wire.percentile(99), stall: wire.stall)
    }
}

extension RunReport {
    /// The event at which the first of what failed did; nil where nothing has.
    public var failedAt: Int? {
        let failed = expectations.filter { $0.held == false }.sorted { ($0.t_ns ?? .max) < ($1.t_ns ?? .max) }
        return failed.first?.event ?? invariants.compactMap(\.event).first
    }
}

extension LabDefinition {
    /// In how many places the lab lets a family strike: entries of its list, directions of links, and chaos.
    fileprivate func timesArmed(_ family: FaultFamily, seed: UInt64) -> Int64 {
        let lanes = topology.links.flatMap { [$0.forward, $0.backward] }
        let ofLinks = LinkShape.Kind.allCases.filter { $0.family == family && $0 != .latency }
        let ofLanes = lanes.count { lane in ofLinks.contains { lane.shape($0) != LinkProperties().shape($0) } }
        let actions =
            standing + faults.flatMap { [$0.action] + ($0.lasts == nil ? [] : [$0.action.inverse]).compactMap { $0 } }
        let ofList = actions.count { $0.family == family && !$0.heals }
        let ofChaos = chaos.map { $0.families(seed: seed).contains(family) ? 1 : 0 } ?? 0
        return Int64(ofLanes + ofList + ofChaos)
    }
}
