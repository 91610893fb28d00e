import PeerNetworking

extension BuggifyOptions {
    /// With which probability each site fires in a run, by the sites' positions; never, where its seed does not arm a site.
    func firings(seed: UInt64) -> [Probability] {
        BuggifySite.allCases.map { site in
            let draw = Draw.bits(seed: seed, site: site.hash, subject: Self.armingSubject, number: 0)
            // Where nothing fires, no site does by a probability of its own.
            guard firing != .never, activation.holds(for: draw) else { return .never }
            return site.firing.map { Probability($0) } ?? firing
        }
    }

    /// How its sites stand before anything is drawn: those that a run's seed arms, and those that it does not.
    public func sites(seed: UInt64) -> [SiteState] {
        zip(BuggifySite.allCases, firings(seed: seed)).map { SiteState(site: .buggify($0), isArmed: $1 != .never) }
    }

    private static let armingSubject = Draw.stableHash("buggify.arming")
}
