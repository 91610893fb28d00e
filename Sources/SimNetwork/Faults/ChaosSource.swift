/// How chaos draws a family of faults; said in the fault's own file.
struct ChaosSource: Sendable {
    /// When it is drawn for.
    enum Way: Sendable {
        /// Once, for probabilities that stand for the whole run.
        case standing(@Sendable (ChaosDraws) -> [Action])
        /// In every episode; nil where there is nothing to do it to.
        case episodes(@Sendable (ChaosDraws) -> Action?)
    }

    let family: FaultFamily
    let way: Way

    /// A family that stands for the whole run.
    static func standing(
        _ family: FaultFamily, _ draw: @escaping @Sendable (ChaosDraws) -> [Action]
    ) -> ChaosSource {
        ChaosSource(family: family, way: .standing(draw))
    }

    /// A family that strikes again and again.
    static func episodes(
        _ family: FaultFamily, _ draw: @escaping @Sendable (ChaosDraws) -> Action?
    ) -> ChaosSource {
        ChaosSource(family: family, way: .episodes(draw))
    }

    /// How a family is drawn; nil for one that is not.
    static func of(_ family: FaultFamily) -> ChaosSource? { all.first { $0.family == family } }

    /// All that chaos draws, a line for each. Their order decides which of them go together in pairwise runs: new ones
    /// come last.
    static let all: [ChaosSource] = [
        Settings.Loss.chaos,
        Settings.Duplicate.chaos,
        Settings.Reorder.chaos,
        Settings.Corrupt.chaos,
        Settings.LinkLatency.chaos,
        Settings.Bandwidth.chaos,
        Settings.Cut.chaos,
        Settings.SlowWay.chaos,
        Settings.Clog.chaos,
        Settings.Parting.chaos,
        Deeds.Swizzle.chaos,
        Settings.Unreachable.chaos,
        Settings.Refuse.chaos,
        Settings.ConnectHang.chaos,
        Settings.BacklogFull.chaos,
        Settings.NameError.chaos,
        Settings.Close.chaos,
        Deeds.Reset.chaos,
        Deeds.HalfClose.chaos,
        Deeds.HalfOpen.chaos,
        Settings.ShortRead.chaos,
        Settings.ShortWrite.chaos,
        Settings.SlowReader.chaos,
        Deeds.Exit.chaos,
        Deeds.Kill.chaos,
        Deeds.Pause.chaos,
        Deeds.PowerLoss.chaos,
        Settings.ClockSkew.chaos,
        Settings.LateTimers.chaos,
        Settings.Exhaust.chaos,
        Settings.MomentDrop.chaos,
    ]
}
