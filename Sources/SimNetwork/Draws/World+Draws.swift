import PeerNetworking

extension World {
    /// The next draw of a site for a subject: 64 uniform bits.
    func draw(_ site: UInt64, for subject: UInt64) -> UInt64 {
        let scope = Draw.scope(site: site, subject: subject)
        return Draw.bits(seed: seed, scope: scope, number: drawCounts.increment(scope))
    }

    /// Draws whether a fault strikes; where it cannot, nothing is drawn, and an override makes draws for what it names
    /// alone: the numbers of all other draws stay what they were.
    ///
    /// - Parameters:
    ///   - subject: what it is drawn for.
    ///   - key: the stable hash of the subject's name.
    func strikes(
        _ site: FaultSite, _ probability: Probability, for subject: DrawSubject, key: @autoclosure () -> UInt64
    )
        -> Bool
    {
        if probability == .never, overrides.isEmpty { return false }
        let key = key()
        guard probability != .never || overrides.mention(site: site.hash, subject: key) else { return false }
        return decide(.fault(site), probability, subject, key)
    }

    /// Makes a draw, asks the overrides, and writes both into the ledger.
    private func decide(
        _ site: DrawSite, _ probability: Probability, _ subject: DrawSubject, _ key: UInt64
    ) -> Bool {
        let hash = site.hash
        let scope = Draw.scope(site: hash, subject: key)
        let number = drawCounts.increment(scope)
        let bits = Draw.bits(seed: seed, scope: scope, number: number)
        let forced = overrides.isEmpty ? nil : overrides.decision(site: hash, subject: key, number: number)
        let fires = forced ?? probability.holds(for: bits)
        emit(
            .draw(
                DrawRecord(
                    site: site, subject: subject, number: number, value: UInt32(truncatingIfNeeded: bits >> 32),
                    threshold: probability, fires: fires, isForced: forced != nil)))
        return fires
    }

    /// Whether a buggify site fires for a subject; the arming is the run's, the firing the draw's.
    func buggifyFires(_ site: BuggifySite, for subject: DrawSubject, key: UInt64) -> Bool {
        guard let buggify = options.buggify, !isHealed else { return false }
        // Where nothing fires, no site does by a probability of its own.
        let mayFire = buggify.firing != .never && isArmed(site.hash, buggify)
        let firing = mayFire ? site.firing.map { Probability($0) } ?? buggify.firing : .never
        return decide(.buggify(site), firing, subject, key)
    }

    /// Whether the run's seed arms a site.
    func isArmed(_ site: UInt64, _ buggify: BuggifyOptions) -> Bool {
        buggify.activation.holds(for: Draw.bits(seed: seed, site: site, subject: World.armingSubject, number: 0))
    }

    private static let armingSubject = Draw.stableHash("buggify.arming")

    /// The subject of a name that a peer gave, and the stable hash that keys its draws.
    func subject(named name: String) -> (subject: DrawSubject, key: UInt64) {
        let key = Draw.stableHash(name)
        let known = subjectNumbers.number(of: key)
        if known > 0 { return (.named(Int32(known) - 1), key) }
        subjectNames.append(name)
        subjectNumbers.insert(UInt64(subjectNames.count), for: key)
        return (.named(Int32(subjectNames.count) - 1), key)
    }
}
