public import PeerNetworking
public import TCP

/// Draws whether a configuration takes an extreme value in a run, and which: FoundationDB's randomised knobs.
///
/// A pure function of the seed, the knob and whose it is, like every draw.
public struct KnobDraws: Hashable, Sendable {
    private let seed: UInt64
    private let subject: UInt64
    /// The probability that a knob is turned.
    private let activation: Probability

    /// Draws for somebody's knobs.
    ///
    /// - Parameters:
    ///   - subject: the stable name of whose configuration it is.
    ///   - activation: the probability that a knob is turned.
    public init(seed: UInt64, subject: String, activation: Probability = Probability(0.25)) {
        self.seed = seed
        self.subject = Draw.stableHash(subject)
        self.activation = activation
    }

    /// A choice among the extremes of a knob.
    ///
    /// - Returns: nil where the knob stays as it is.
    public func choose(_ knob: StaticString, among count: Int) -> Int? {
        let site = Draw.stableHash(knob)
        guard activation.holds(for: Draw.bits(seed: seed, site: site, subject: subject, number: 0)) else { return nil }
        let bits = Draw.bits(seed: seed, site: site, subject: subject, number: 1)
        return Int(bits.multipliedFullWidth(by: UInt64(count)).high)
    }
}

extension TCPOptions {
    /// Turns knobs of a kernel to extreme values that connections survive.
    ///
    /// - Parameter choose: draws one of so many extremes of a knob; nil leaves the knob as it is.
    /// - Returns: the names of those that were turned, as lab files write them, with their new values.
    public mutating func turnKnobs(_ choose: (StaticString, Int) -> Int?) -> [(knob: String, value: KnobValue)] {
        var turned: [(knob: String, value: KnobValue)] = []
        func turn(_ knob: StaticString, _ values: [Int32], _ kind: (Int) -> KnobValue, _ set: (Int32) -> Void) {
            guard let choice = choose(knob, values.count) else { return }
            set(values[choice])
            turned.append(("\(knob)", kind(Int(values[choice]))))
        }
        turn("send-buffer", [1_024, 2_048, 1_048_576], KnobValue.bytes) { sendBuffer = $0 }
        turn("receive-buffer", [1_024, 2_048, 1_048_576], KnobValue.bytes) { receiveBuffer = $0 }
        turn("backlog", [1, 2], KnobValue.count) { backlog = $0 }
        turn("initcwnd", [1, 100], KnobValue.count) { initialWindow = $0 }
        turn("maximum-segment-size", [88, 536], KnobValue.bytes) { maximumSegmentSize = $0 }
        return turned
    }
}
