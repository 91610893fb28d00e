import PeerNetworking

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
