/// Faults that a run's seed draws: which families, how often, and until when.
public struct ChaosProfile: Hashable, Sendable {
    /// Which of the families a run has.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// All of them.
        case all
        /// Each with probability one half, by the seed: finds what a bit of everything hides (Groce et al.: "Swarm
        /// Testing", 2012).
        case swarm
        /// A set by the seed's remainder, such that consecutive seeds have every pair of families both on, both off, and
        /// either alone; ``pairwiseRuns`` of them have all.
        case pairwise
    }

    /// Which of the families a run has.
    public var mode: Mode
    /// The families to choose from; those that chaos can draw are ``drawable``.
    public var families: [FaultFamily]
    /// The mean time between two episodes of a family, in nanoseconds; each run draws its own between a half and twice it.
    public var interval: Int64 = 2_000_000_000
    /// The mean length of an episode, in nanoseconds.
    public var length: Int64 = 500_000_000
    /// When all is healed and every peer must recover (liveness mode), in nanoseconds; nil for never.
    public var healsAt: Int64?

    /// Draws among some families.
    init(mode: Mode, families: [FaultFamily]) {
        self.mode = mode
        self.families = families
    }

    /// The families that a run of a seed has, in the profile's order.
    public func families(seed: UInt64) -> [FaultFamily] {
        switch mode {
        case .all:
            return families
        case .swarm:
            return families.filter { family in
                let bits = Draw.bits(
                    seed: seed, site: ChaosProfile.swarmSite, subject: Draw.stableHash(family.rawValue), number: 0)
                return Probability(0.5).holds(for: bits)
            }
        case .pairwise:
            let run = Int(seed % UInt64(pairwiseRuns))
            return families.indices.filter { ChaosProfile.isOn($0, in: run) }.map { families[$0] }
        }
    }

    /// How many consecutive seeds cover every pair of families in all four ways.
    ///
    /// A family's number in binary says in which runs it is on, and the runs come a second time inverted. Two numbers
    /// differ in a bit, so that run and its inverse have either alone; the two runs at the end have all and none.
    public var pairwiseRuns: Int { 2 * ChaosProfile.bits(families.count) + 2 }

    private static func bits(_ count: Int) -> Int { max(1, Int.bitWidth - max(count - 1, 1).leadingZeroBitCount) }

    private static func isOn(_ family: Int, in run: Int) -> Bool {
        if run == 0 { return true }
        if run == 1 { return false }
        let bit = (run - 2) / 2
        return ((family >> bit) & 1 == 1) == ((run - 2) % 2 == 0)
    }

    private static let swarmSite = Draw.stableHash("chaos.swarm")
}
