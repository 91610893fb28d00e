package import PeerNetworking
import SimNetwork

/// A configuration that buggify turned in a run.
public struct TurnedKnob: Hashable, Sendable {
    /// The peer or host.
    public var subject: String
    /// The field's name, as lab files write it.
    public var knob: String
    /// What it was turned to, as lab files write it.
    public var value: String
}

extension LabDefinition {
    /// The configurations that buggify turns in a run of a seed; none where it turns none.
    public func turnedKnobs(seed: UInt64) -> [TurnedKnob] {
        guard turnsKnobs else { return [] }
        var lab = self
        return lab.turnKnobs(seed: seed)
    }

    /// The configuration that a peer has in a run of a seed.
    package func config(ofPeer index: Int, seed: UInt64) -> PeerConfig {
        var config = peers[index].config
        if turnsKnobs { turnKnobs(of: index, &config, seed: seed, roundTrip: roundTrip) }
        return config
    }

    /// The lab as a run of a seed has it.
    func withKnobsTurned(seed: UInt64) -> LabDefinition {
        var lab = self
        _ = lab.turnKnobs(seed: seed)
        return lab
    }

    /// Turns some of the knobs that a run of a seed turns, for good.
    mutating func turn(_ knobs: Set<TurnedKnob>, seed: UInt64) {
        _ = turnKnobs(seed: seed) { subject, knob in knobs.contains { $0.subject == subject && $0.knob == knob } }
    }

    /// - Parameter isTurned: of those that the seed turns, whether one is, by whose it is and its name.
    private mutating func turnKnobs(
        seed: UInt64, where isTurned: (_ subject: String, _ knob: String) -> Bool = { _, _ in true }
    ) -> [TurnedKnob] {
        var turned: [TurnedKnob] = []
        for index in topology.hosts.indices where !topology.hosts[index].isRouter {
            let name = topology.hosts[index].name
            let draws = KnobDraws(seed: seed, subject: "host \(name)", activation: knobActivation)
            turned += topology.hosts[index].tcp.turnKnobs {
                isTurned(name, "\($0)") ? draws.choose($0, among: $1) : nil
            }
            .map { TurnedKnob(subject: name, knob: $0.knob, value: $0.value.text) }
        }
        let roundTrip = roundTrip
        for index in peers.indices {
            var config = peers[index].config
            turned += turnKnobs(of: index, &config, seed: seed, roundTrip: roundTrip, where: isTurned)
            peers[index].config = config
        }
        return turned
    }

    @discardableResult
    private func turnKnobs(
        of index: Int, _ config: inout PeerConfig, seed: UInt64, roundTrip: Duration,
        where isTurned: (_ subject: String, _ knob: String) -> Bool = { _, _ in true }
    ) -> [TurnedKnob] {
        let name = peers[index].name
        let draws = KnobDraws(seed: seed, subject: "peer \(name)", activation: knobActivation)
        return config.turnKnobs(roundTrip: roundTrip) { isTurned(name, "\($0)") ? draws.choose($0, among: $1) : nil }
            .map { TurnedKnob(subject: name, knob: $0.knob, value: $0.value.text) }
    }

    private var knobActivation: Probability { buggify?.activation ?? Probability(0.25) }

    private var roundTrip: Duration { .nanoseconds(2 * longestWay) }

    /// The longest that a segment usually takes from a host to another, in nanoseconds: over a link, and over the routers
    /// there are.
    private var longestWay: Int64 {
        let longest =
            topology.links.flatMap { [$0.forward.latency.usualMost, $0.backward.latency.usualMost] }.max() ?? 0
        let routers = topology.hosts.count(where: \.isRouter)
        return longest * Int64(min(routers, 8) + 1)
    }
}

extension Latency {
    /// What few draws exceed, in nanoseconds.
    fileprivate var usualMost: Int64 {
        switch self {
        case .constant(let value): value
        case .uniform(_, let high): high
        case .normal(let mean, let deviation): mean + 3 * deviation
        case .exponential(let mean): 5 * mean
        case .bimodal(let first, let second, _): max(first, second)
        case .pareto(let least, _): 10 * least
        }
    }
}

extension KnobValue {
    /// The value as lab files write it.
    fileprivate var text: String {
        switch self {
        case .count(let count): "\(count)"
        case .bytes(let bytes): Scale.size.text(Int64(bytes))
        case .fraction(let fraction): "\(fraction)"
        case .duration(let duration): Scale.duration.text(duration.inNanoseconds)
        case .heartbeat(let heartbeat):
            "{interval: \(Scale.duration.text(heartbeat.interval.inNanoseconds)), "
                + "timeout: \(Scale.duration.text(heartbeat.timeout.inNanoseconds))}"
        }
    }
}
