import PeerNetworking
public import SimNetwork

extension Snapshot {
    /// How the sites stand: those that were drawn for, in the order in which they were first, and those of buggify that were
    /// not. At a site that the run's seed does not arm nothing is drawn.
    public var sites: [SiteState] {
        guard let buggify = lab.buggify else { return world.sites }
        return world.sites + buggify.sites(seed: seed).filter { all in !world.sites.contains { $0.site == all.site } }
    }
}
