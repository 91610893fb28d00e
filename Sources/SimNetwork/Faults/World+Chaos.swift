import PeerNetworking

/// A family of faults that strikes again and again at drawn times.
final class ChaosEpisode {
    let family: FaultFamily
    /// The run's own mean time between two strikes, in nanoseconds.
    let interval: Int64
    /// Which of the family's episodes is the next, from 1.
    var number: UInt64 = 1

    init(_ family: FaultFamily, interval: Int64) {
        self.family = family
        self.interval = interval
    }
}

// Chaos: faults drawn from the seed. Every draw is keyed by its family and the episode's number, so that switching a
// family off, or vetoing an episode, moves no other.
extension World {
    /// Sets what stands for the whole run, and arranges the first episodes.
    func beginChaos(_ profile: ChaosProfile) {
        for family in profile.families(seed: seed) {
            origin = DrawOrigin(Draw.stableHash(family.rawValue), number: 0)
            if stands(family) { continue }
            let interval = profile.interval / 2 + chaosBelow(profile.interval * 3 / 2, family, "interval")
            arrangeNext(ChaosEpisode(family, interval: interval))
        }
        if let time = profile.healsAt { arrange(ScheduledAction(.healAll, .at(time))) }
    }

    /// The faults that chaos draws for as probabilities of the whole run.
    ///
    /// - Returns: whether the family is one of them.
    private func stands(_ family: FaultFamily) -> Bool {
        switch family {
        case .loss:
            shapeAll(.loss(.independent(chaosProbability(family, most: 0.1))))
        case .duplicate:
            shapeAll(.duplicate(chaosProbability(family, most: 0.1)))
        case .reorder:
            shapeAll(
                .reorder(
                    Reordering(chaosProbability(family, most: 0.1), by: 1 + chaosBelow(20_000_000, family, "extra"))))
        case .corrupt:
            shapeAll(
                .corrupt(
                    Corruption(
                        caught: chaosProbability(family, most: 0.05), uncaught: chaosProbability(family, most: 0.001))))
        case .drop:
            let moment = ProtocolMoment.allCases[
                Int(chaosBelow(Int64(ProtocolMoment.allCases.count), family, "moment"))]
            for link in links { set(.dropDuring(moment, link.id, nil, chaosProbability(family, most: 0.3))) }
        case .refuse:
            for host in hosts { set(.refuse(ServiceScope(host.id), chaosProbability(family, most: 0.2))) }
        case .connectHang:
            for host in hosts { set(.connectHang(ServiceScope(host.id), chaosProbability(family, most: 0.1))) }
        case .nameError:
            for host in hosts { set(.nameError(host.id, .notFound, chaosProbability(family, most: 0.2))) }
        case .close:
            let learns = RandomClose.Learns.allCases[Int(chaosBelow(3, family, "learns"))]
            let manner = RandomClose.Manner.allCases[Int(chaosBelow(2, family, "manner"))]
            let close = RandomClose(
                chaosProbability(family, most: 0.01), learns: learns, manner: manner,
                onNextUse: chaosBelow(2, family, "use") == 0)
            for host in hosts where !host.processes.isEmpty { set(.close(.host(host.id), close)) }
        case .shortRead, .shortWrite:
            let short = ShortIO(
                largest: Int32(1 + chaosBelow(64, family, "largest")), probability: chaosProbability(family, most: 0.5))
            for host in hosts where !host.processes.isEmpty {
                set(family == .shortRead ? .shortRead(.host(host.id), short) : .shortWrite(.host(host.id), short))
            }
        case .slowTimers:
            for host in hosts {
                set(
                    .slowTimers(
                        host.id, chaosProbability(family, most: 0.3), most: 1 + chaosBelow(200_000_000, family, "most"))
                )
            }
        default:
            return false
        }
        return true
    }

    private func shapeAll(_ shape: LinkShape) {
        for link in links { set(.shape(link.id, nil, shape)) }
    }

    private func set(_ action: Action) { _ = try? apply(action) }

    // MARK: Episodes

    /// Strikes once, and arranges the next time.
    func strike(_ episode: ChaosEpisode) {
        let family = episode.family
        origin = DrawOrigin(Draw.stableHash(family.rawValue), number: episode.number)
        // Drawn whether or not there is something to strike: what one episode finds moves nothing of another.
        let length = 1 + chaosBelow(2 * (options.chaos?.length ?? 0), family, "length")
        let action = drawAction(family)
        let strikes = decide(
            .chaos(family), .always, .network, DrawKey(Draw.stableHash(family.rawValue)), number: episode.number)
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
        origin = DrawOrigin(Draw.stableHash(episode.family.rawValue), number: episode.number)
        let time = now + 1 + chaosBelow(2 * episode.interval, episode.family, "time")
        _ = schedule(.chaos(episode), at: time)
    }

    /// What a family does this time; nil where there is nothing to do it to.
    private func drawAction(_ family: FaultFamily) -> Action? {
        switch family {
        case .cut: anyLink(family).map { .cut($0.id, anyDirection(family)) }
        case .latency:
            anyLink(family).map {
                .shape(
                    $0.id, anyDirection(family), .latency(.uniform(0, 1 + chaosBelow(300_000_000, family, "latency"))))
            }
        case .bandwidth:
            anyLink(family).map {
                .shape(
                    $0.id, nil,
                    .bandwidth(
                        1_000 + chaosBelow(100_000, family, "rate"), queue: 1_500 + chaosBelow(30_000, family, "queue"))
                )
            }
        case .slowPair:
            anyLink(family).map {
                let isBack = chaosBelow(2, family, "direction") == 1
                return .slowPair(
                    from: isBack ? $0.second.id : $0.first.id, to: isBack ? $0.first.id : $0.second.id,
                    extra: 1 + chaosBelow(200_000_000, family, "extra"))
            }
        case .clog:
            chaosBelow(2, family, "scope") == 0
                ? anyLink(family).map { .clog(.link($0.id, anyDirection(family))) }
                : anyHost(family).map { .clog(.host($0.id, nil)) }
        case .partition:
            switch chaosBelow(3, family, "mode") {
            case 0: .partition(.random(oneWay: chaosBelow(2, family, "one-way") == 0))
            case 1: .partition(.uniformSize(oneWay: false))
            default: .partition(.isolateOne(oneWay: false))
            }
        case .swizzle:
            .swizzle(hosts.filter { !$0.isRouter }.map(\.id), over: 1 + chaosBelow(1_000_000_000, family, "span"))
        case .unreachable:
            anyHost(family).map {
                .unreachable(.host($0.id, nil), chaosBelow(2, family, "answer") == 0 ? .host : .network)
            }
        case .backlogFull: anyHost(family).map { .backlogFull(ServiceScope($0.id), true) }
        case .reset: anyProcess(family).map { .reset(.process($0.id)) }
        case .halfClose: anyProcess(family).map { .halfClose(.process($0.id)) }
        case .halfOpen: anyProcess(family).map { .halfOpen(.process($0.id)) }
        case .slowReader:
            anyProcess(family).map {
                .slowReader(.process($0.id), bytesPerSecond: 100 + chaosBelow(20_000, family, "rate"))
            }
        case .processExit: anyProcess(family).map { .exit($0.id) }
        case .processKill: anyProcess(family).map { .kill($0.id) }
        case .pause: anyProcess(family).map { .pause($0.id) }
        case .powerLoss: anyHost(family).map { .powerLoss($0.id) }
        case .clockSkew:
            anyHost(family).map {
                .clockSkew(
                    $0.id, offset: chaosBelow(1_000_000_000, family, "offset"),
                    drift: chaosBelow(20_000_000, family, "drift") - 10_000_000)
            }
        case .exhaust:
            anyHost(family).map {
                switch chaosBelow(3, family, "resource") {
                case 0: .exhaust($0.id, .sockets, chaosBelow(4, family, "limit"))
                case 1: .exhaust($0.id, .memory, 1 + chaosBelow(4_096, family, "limit"))
                default: .exhaust($0.id, .ports, chaosBelow(4, family, "limit"))
                }
            }
        default: nil
        }
    }

    // MARK: Draws

    /// A draw of 0 ..< `bound` of a family, 0 for a bound of 0.
    private func chaosBelow(_ bound: Int64, _ family: FaultFamily, _ what: StaticString) -> Int64 {
        guard bound > 0 else { return 0 }
        return Int64(drawOfAction(Draw.stableHash(what)).multipliedFullWidth(by: UInt64(bound)).high)
    }

    private func chaosProbability(_ family: FaultFamily, most: Double) -> Probability {
        Probability(Double(1 + chaosBelow(1_000_000, family, "probability")) * most / 1_000_000)
    }

    private func anyLink(_ family: FaultFamily) -> Link? {
        links.isEmpty ? nil : links[Int(chaosBelow(Int64(links.count), family, "link"))]
    }

    private func anyHost(_ family: FaultFamily) -> Host? {
        hosts.isEmpty ? nil : hosts[Int(chaosBelow(Int64(hosts.count), family, "host"))]
    }

    private func anyProcess(_ family: FaultFamily) -> Process? {
        processes.isEmpty ? nil : processes[Int(chaosBelow(Int64(processes.count), family, "process"))]
    }

    /// A direction, or both.
    private func anyDirection(_ family: FaultFamily) -> LinkDirection? {
        switch chaosBelow(4, family, "direction") {
        case 0: .forward
        case 1: .backward
        default: nil
        }
    }
}
