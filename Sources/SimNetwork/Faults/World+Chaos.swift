import PeerNetworking

// Chaos: faults drawn from the seed. Every draw is keyed by its family and the episode's number, so that switching a
// family off, or vetoing an episode, moves no other.
extension World {
    /// Sets what stands for the whole run, and arranges the first episodes.
    func beginChaos(_ profile: ChaosProfile) {
        for family in profile.families(seed: seed) {
            origin = DrawOrigin(family.hash, number: 0)
            if stands(family) { continue }
            let interval = profile.interval / 2 + chaosBelow(profile.interval * 3 / 2, "interval")
            arrangeNext(ChaosEpisode(family, interval: interval))
        }
        if let time = profile.healsAt { arrange(ScheduledAction(supplies.healing, .at(time))) }
    }

    /// Sets what a family draws for as probabilities of the whole run.
    ///
    /// - Returns: whether the family is one of those.
    private func stands(_ family: FaultFamily) -> Bool {
        guard case .standing(let draw)? = supplies.chaos(family)?.way else { return false }
        for action in draw(chaosDraws) { set(action) }
        return true
    }

    private func set(_ action: Action) { _ = try? apply(action) }

    // MARK: Episodes

    /// Strikes once, and arranges the next time.
    func strike(_ episode: ChaosEpisode) {
        let family = episode.family
        origin = DrawOrigin(family.hash, number: episode.number)
        // Drawn whether or not there is something to strike: what one episode finds moves nothing of another.
        let length = 1 + chaosBelow(2 * (options.chaos?.length ?? 0), "length")
        let action = drawAction(family)
        let strikes = decide(
            .chaos(family), .always, .network, DrawKey(family.hash), number: episode.number)
        if strikes, let action, let undo = perform(action) {
            scheduleEnd(of: action, by: undo, at: now + length)
        }
        episode.number += 1
        arrangeNext(episode)
    }

    private func perform(_ action: Action) -> Action? {
        emit(.action(action))
        do throws(ActionError) {
            return try apply(action)
        } catch {
            return nil
        }
    }

    private func arrangeNext(_ episode: ChaosEpisode) {
        origin = DrawOrigin(episode.family.hash, number: episode.number)
        let time = now + 1 + chaosBelow(2 * episode.interval, "time")
        _ = schedule(episode, at: time)
    }

    /// What a family does this time; nil where there is nothing to do it to.
    private func drawAction(_ family: FaultFamily) -> Action? {
        guard case .episodes(let draw)? = supplies.chaos(family)?.way else { return nil }
        return draw(chaosDraws)
    }

    // MARK: Draws

    private var chaosDraws: ChaosDraws {
        ChaosDraws(network: (links, hosts, processes), ends: endHosts) { bound, what in
            self.chaosBelow(bound, what)
        }
    }

    /// A draw of 0 ..< `bound` for the episode under way, 0 for a bound of 0.
    private func chaosBelow(_ bound: Int64, _ what: StaticString) -> Int64 {
        guard bound > 0 else { return 0 }
        return Int64(drawOfAction(Draw.stableHash(what)).multipliedFullWidth(by: UInt64(bound)).high)
    }
}
