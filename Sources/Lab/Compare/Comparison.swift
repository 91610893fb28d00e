import PeerNetworking
import SimNetwork

/// What came of a lab in the simulation and on real sockets, compared by what its peers went through.
package struct Comparison: Sendable {
    /// A run that was gone through to its end.
    package struct Side: Sendable {
        /// What each peer went through, by its name, as far as it is compared.
        let lives: [String: [Transition]]
        /// What each connection went through, by its name, as far as it is compared.
        let connections: [String: [Transition]]
        /// Which peer has asked for each.
        let openers: [String: String]
        /// Which congestion control runs; empty in the simulation, which has the lab's.
        let congestion: [CongestionUse]
        /// How long the peers' round trips took, by their names: median, 99th and first percentile, in nanoseconds.
        let roundTrips: [String: (median: Int64, most: Int64, least: Int64)]
        /// The peers to which messages came twice.
        let doubled: Set<String>
        /// What the wire has carried; nil where its segments are not seen.
        let wire: [WireCount]?
        /// How late the wire was, where it was a real one.
        let late: ComparisonReport.Late?
        fileprivate let snapshot: Snapshot

        /// - Parameter reach: what happens from this time on is not compared, in nanoseconds.
        package init(_ snapshot: Snapshot, before reach: Int64) {
            let cycle = LifeCycle(of: snapshot)
            var lives: [String: [Transition]] = [:]
            for transition in cycle.transitions where transition.isOfPeer && transition.time < reach {
                lives[transition.subject, default: []].append(transition)
            }
            self.lives = lives
            let ofConnections = ConnectionLives(of: snapshot)
            connections = ofConnections.lives.mapValues { $0.filter { $0.time < reach } }.filter { !$0.value.isEmpty }
            openers = ofConnections.openers
            congestion = snapshot.congestion
            let times = snapshot.roundTrips ?? RoundTrips(snapshot.records, upTo: snapshot.event)
            var roundTrips: [String: (median: Int64, most: Int64, least: Int64)] = [:]
            var doubled: Set<String> = []
            for (index, name) in snapshot.peerNames.enumerated() {
                if let median = times.quantile(50, of: index), let most = times.quantile(99, of: index),
                    let least = times.quantile(1, of: index)
                {
                    roundTrips[name] = (median, most, least)
                }
                if snapshot.world.peers[index].duplicates > 0 { doubled.insert(name) }
            }
            wire = snapshot.traits.hasSegments ? WireCount.all(of: snapshot) : nil
            late = RunReport.Lateness(snapshot).map { ComparisonReport.Late(p50: $0.p50, p99: $0.p99, stall: $0.stall) }
            (self.roundTrips, self.doubled, self.snapshot) = (roundTrips, doubled, snapshot)
        }

        /// The events around a transition, in words; those before the end where there is none.
        fileprivate func events(around transition: Transition?) -> [String] {
            let text = EventText(snapshot)
            let middle = transition?.event ?? snapshot.event
            let range = max(snapshot.records.first, middle - 3)...max(1, min(snapshot.event, middle + 1))
            return range.map { number in
                let record = snapshot.records[event: number]
                return "\(ThingNames.event(number)) \(TimeText.clock(record.time)) \(text.line(of: record).text)"
            }
        }
    }

    /// What the two do differently first.
    package struct Disagreement: Codable, Hashable, Sendable {
        /// Which real run, from 1.
        var run: Int
        /// The peer; of a connection the one that has asked for it.
        var peer: String
        /// The connection; null where it is about the peer itself.
        @OrNull var connection: String?
        /// Which of its transitions, from 1; null where it is about messages.
        @OrNull var transition: Int?
        /// What the simulation went to, and the real run; null where there was nothing more.
        @OrNull var sim: String?
        @OrNull var real: String?
        /// The events around it.
        var sim_events: [String]
        var real_events: [String]
    }

    /// The lab.
    package let lab: LabDefinition
    /// The real network.
    package let on: ProviderKind
    /// The simulated run.
    package let simulated: Side
    /// The real ones.
    package let real: [Side]
    /// What is missing on the real network.
    package let unavailable: [String]
    /// What happens from this time on is not compared, for something is missing there; `Int64.max` where nothing is.
    package let reach: Int64
    /// The first disagreement of each real run; nil of one that agrees.
    package let disagreements: [Disagreement?]

    /// - Parameter real: the real runs, of one at least.
    package init(simulated: Snapshot, real: [Snapshot], reach: Int64) {
        lab = simulated.lab
        on = real.first?.provider ?? .loopback
        unavailable = real.first?.unavailable ?? []
        self.reach = reach
        let left = Side(simulated, before: reach)
        self.simulated = left
        let rights = real.map { Side($0, before: reach) }
        self.real = rights
        let end = min(reach, simulated.lab.duration)
        disagreements = rights.enumerated().map { Self.first(of: $0 + 1, left, $1, before: end, reach: reach) }
    }

    /// How many real runs agree with the simulation.
    package var agreed: Int { disagreements.count { $0 == nil } }

    /// Whether a real run disagrees that says nothing, for its wire was late, or its threads stood still for a while: it is to be
    /// repeated.
    package var isInDoubt: Bool {
        zip(real, disagreements).contains { side, disagreement in
            guard disagreement != nil, let late = side.late else { return false }
            return late.p99 > Self.mostLate || late.stall > Self.longestStall
        }
    }

    /// Later than this a wire may not be for what comes of it to count: well below the least timeouts that peers have.
    private static let mostLate: Int64 = 20_000_000
    /// For longer than this no thread may stand still: half of the least retransmission timeout (`TCP_RTO_MIN`).
    private static let longestStall: Int64 = 100_000_000

    /// How many transitions of the simulation were compared.
    package var compared: Int {
        simulated.lives.values.reduce(0) { $0 + $1.count } + simulated.connections.values.reduce(0) { $0 + $1.count }
    }

    /// What comes so shortly before the end of what is compared may be missing on one side: the clocks are not one.
    private static let patience: Int64 = 1_000_000_000

    private static func first(
        of run: Int, _ left: Side, _ right: Side, before end: Int64, reach: Int64
    ) -> Disagreement? {
        var found: (time: Int64, what: Disagreement)?
        func look(at name: String, _ ours: [Transition], _ theirs: [Transition], of connection: String? = nil) {
            for index in 0..<max(ours.count, theirs.count) {
                let one = index < ours.count ? ours[index] : nil
                let other = index < theirs.count ? theirs[index] : nil
                if one?.state == other?.state { continue }
                let time = min(one?.time ?? .max, other?.time ?? .max)
                if one == nil || other == nil, time > end - patience { return }
                guard time < found?.time ?? .max else { return }
                found = (
                    time,
                    Disagreement(
                        run: run, peer: name, connection: connection, transition: index + 1, sim: one.map(told),
                        real: other.map(told), sim_events: left.events(around: one),
                        real_events: right.events(around: other))
                )
                return
            }
        }
        for name in Set(left.lives.keys).union(right.lives.keys).sorted() {
            look(at: name, left.lives[name] ?? [], right.lives[name] ?? [])
        }
        // Where peers went through the same, what their connections did is to be the same.
        if let found { return found.what }
        for name in Set(left.connections.keys).union(right.connections.keys).sorted() {
            look(
                at: left.openers[name] ?? right.openers[name] ?? "", left.connections[name] ?? [],
                right.connections[name] ?? [], of: name)
        }
        if let found { return found.what }
        // What became of messages is known of whole runs alone. How many were dropped hangs on when they were sent; that one came
        // twice does not.
        guard reach == .max, let name = left.doubled.symmetricDifference(right.doubled).min() else { return nil }
        func words(_ side: Side) -> String { side.doubled.contains(name) ? "a message came twice" : "none came twice" }
        return Disagreement(
            run: run, peer: name, connection: nil, transition: nil, sim: words(left), real: words(right),
            sim_events: [], real_events: []
        )
    }

    private static func told(_ transition: Transition) -> String {
        "\(transition.state) at \(TimeText.clock(transition.time)) s"
    }
}
