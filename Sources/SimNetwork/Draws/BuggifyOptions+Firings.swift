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

    private static let armingSubject = Draw.stableHash("buggify.arming")
}
