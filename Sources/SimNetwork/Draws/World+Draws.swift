import PeerNetworking

extension World {
    /// What is drawn from now on has another seed.
    func reseed(_ seed: UInt64) {
        self.seed = seed
        ready.seed = seed
    }

    /// The next draw of a site for a subject: 64 uniform bits.
    func draw(_ site: UInt64, for subject: UInt64) -> UInt64 {
        let scope = Draw.scope(site: site, subject: subject)
        return Draw.bits(seed: seed, scope: scope, number: drawCounts.increment(scope))
    }

    /// The next draw of a site for the action under way: 64 uniform bits, which other actions do not move.
    func drawOfAction(_ site: UInt64) -> UInt64 {
        Draw.bits(seed: seed, site: site, subject: origin.key, number: origin.takeNumber())
    }

    /// Draws whether a fault strikes; where it cannot, nothing is drawn, and an override makes draws for what it names
    /// alone: the numbers of all other draws stay what they were.
    ///
    /// - Parameters:
    ///   - subject: what it is drawn for.
    ///   - key: the stable hash of the subject's name.
    ///   - connection: whose draws it is one of, where it is a connection's or an end's: they are counted there.
    func strikes(
        _ site: FaultSite, _ probability: Probability, for subject: DrawSubject, key: @autoclosure () -> UInt64,
        of connection: Connection? = nil
    ) -> Bool {
        if probability == .never, overrides.isEmpty { return false }
        let key = DrawKey(key())
        guard probability != .never || overrides.mention(site: site.hash, key) else { return false }
        let number =
            connection?.countDraw(Draw.scope(site: site.hash, subject: key.subject)) ?? count(site.hash, key)
        return decide(.fault(site), probability, subject, key, number: number)
    }

    /// Draws whether a fault strikes a segment that crosses a link: by what the segment is, so that no other draw moves it.
    ///
    /// - Parameter group: what overrides name beside the segment: the link's direction, or the connection.
    @inline(__always)
    func strikes(
        _ site: FaultSite, _ probability: Probability, _ segment: SegmentIdentity, of group: UInt64
    ) -> Bool {
        probability == .never && overrides.isEmpty ? false : mayStrike(site, probability, segment, of: group)
    }

    @inline(never)
    private func mayStrike(
        _ site: FaultSite, _ probability: Probability, _ segment: SegmentIdentity, of group: UInt64
    ) -> Bool {
        let key = DrawKey(segment.key, of: group)
        // Nothing is counted here: where nothing can strike, the draw that an override names is made, and no other.
        guard probability != .never || overrides.decision(site: site.hash, key, number: segment.number) != nil else {
            return false
        }
        return decide(.fault(site), probability, .segment(segment.draw), key, number: segment.number)
    }

    /// The number of the next draw of a site for a subject.
    private func count(_ site: UInt64, _ key: DrawKey) -> UInt64 {
        drawCounts.increment(Draw.scope(site: site, subject: key.subject))
    }

    /// Makes a draw, asks the overrides, and writes both into the ledger.
    @inline(never)
    func decide(
        _ site: DrawSite, _ probability: Probability, _ subject: DrawSubject, _ key: DrawKey, number: UInt64
    ) -> Bool {
        let hash = site.hash
        let bits = Draw.bits(seed: seed, site: hash, subject: key.subject, number: number)
        let forced = overrides.isEmpty ? nil : overrides.decision(site: hash, key, number: number)
        let fires = forced ?? probability.holds(for: bits)
        emitOften(
            .draw(
                DrawRecord(
                    site: site, subject: subject, number: number, value: UInt32(truncatingIfNeeded: bits >> 32),
                    threshold: probability, fires: fires, isForced: forced != nil)))
        return fires
    }

    /// Whether a buggify site fires for what a peer has named; the arming is the run's, the firing the draw's.
    func buggifyFires(_ site: BuggifySite, for name: String) -> Bool {
        guard let firing = firing(of: site) else { return false }
        let (subject, key) = subject(named: name)
        let drawKey = DrawKey(key)
        guard firing != .never || overrides.mention(site: site.hash, drawKey) else { return false }
        return decide(.buggify(site), firing, subject, drawKey, number: count(site.hash, drawKey))
    }

    /// Whether a buggify site fires for a segment that crosses a link.
    func buggifyFires(_ site: BuggifySite, _ segment: SegmentIdentity, of group: UInt64) -> Bool {
        guard let firing = firing(of: site) else { return false }
        let key = DrawKey(segment.key, of: group)
        guard firing != .never || overrides.decision(site: site.hash, key, number: segment.number) != nil else {
            return false
        }
        return decide(.buggify(site), firing, .segment(segment.draw), key, number: segment.number)
    }

    /// The probability with which a site fires in this run; nil where buggify is off, and where a site is not armed and
    /// nothing is overridden: nothing is drawn then, as at the sites of the simulator.
    @inline(__always)
    func firing(of site: BuggifySite) -> Probability? {
        guard !isHealed, !firings.isEmpty else { return nil }
        let firing = firings[site.position]
        return firing == .never && overrides.isEmpty ? nil : firing
    }

    /// The subject of a name that a peer gave, and the stable hash that keys its draws.
    func subject(named name: String) -> (subject: DrawSubject, key: UInt64) {
        let entry = subjects.entry(of: name)
        if entry.isNew { emit(.name(.subject, entry.number, name)) }
        return (.named(entry.number), entry.key)
    }
}
