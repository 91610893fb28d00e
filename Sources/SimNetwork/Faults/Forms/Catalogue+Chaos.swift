import PeerNetworking

extension Catalogue {
    /// All that chaos draws, a line for each. Their order decides which of them go together in pairwise runs: new ones
    /// come last.
    private static let sources: [ChaosSource] = [
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

    /// The families that chaos draws.
    fileprivate static let drawable = sources.map(\.family)

    /// How chaos draws a family; nil for one that it does not.
    static func chaos(of family: FaultFamily) -> ChaosSource? { sources.first { $0.family == family } }
}

extension ChaosProfile {
    /// What chaos can draw: on links and calls with a probability of the run's own, on the rest in episodes.
    public static var drawable: [FaultFamily] { Catalogue.drawable }

    /// Draws among all families that chaos can draw.
    public init(_ mode: Mode = .all, families: [FaultFamily] = ChaosProfile.drawable) {
        self.init(mode: mode, families: families)
    }
}

extension DrawSite {
    /// The names of all sites where something is drawn for, the simulator's first.
    public static var names: [String] {
        FaultSite.allCases.map(\.rawValue) + BuggifySite.allCases.map(\.rawValue)
            + ChaosProfile.drawable.map { DrawSite.chaos($0).description }
    }
}
