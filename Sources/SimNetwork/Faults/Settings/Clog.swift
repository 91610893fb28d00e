extension Settings {
    /// A link or host holds bytes back; all arrive afterwards, in order.
    struct Clog: Setting, Acting {
        var scope: TrafficScope
        var isClogged = true

        static let forms = [
            ActionForm(
                11, "clog", [.of(.link, .host), .direction],
                "Hold back what a link or host carries; it arrives, in order, when it is released."),
            ActionForm(
                12, "unclog", [.of(.link, .host), .direction], "Release what a clog holds back.", lifts: true),
        ]

        var family: FaultFamily { .clog }
        var form: ActionForm { Self.forms[isClogged ? 0 : 1] }
        var operands: Operands { Operands(["of": scope.of, "direction": scope.direction]) }
        var lifted: Self { Self(scope: scope, isClogged: false) }

        // A direction of a link, or a host, is clogged or not, and shows it.
        static let isLayered = false
        static let isListed = false

        /// What is clogged: directions of a link, or bounds of a host, however many links it has.
        enum Place {
            case link(Link, [LinkDirection])
            case host(Host, [TrafficScope.Bound])
        }

        func target(in world: World) throws(ActionError) -> Place {
            let (place, changes): (Place, Bool)
            switch scope {
            case .link(let id, let direction):
                let link = try world.link(id)
                place = .link(link, direction.each)
                changes = direction.each.contains { link[$0].isClogged != isClogged }
            case .host(let id, let bound):
                let host = try world.hostWithLinks(id)
                place = .host(host, bound.each)
                changes = bound.each.contains { host.isClogged($0) != isClogged }
            }
            guard changes else { throw ActionError(isClogged ? "it is clogged already" : "it is not clogged") }
            return place
        }

        func act(on place: Place, in world: World) {
            switch place {
            case .link(let link, let directions):
                for direction in directions { world.clog(link, direction, isClogged) }
            case .host(let host, let bounds): world.clog(host, bounds, isClogged)
            }
        }

        static let chaos: ChaosSource? = .episodes(.clog) { draws in
            if draws.below(2, "scope") == 0 {
                guard let link = draws.anyLink() else { return nil }
                return .clog(.link(link.id, draws.anyDirection()))
            }
            return draws.anyHost().map { .clog(.host($0, nil)) }
        }
    }
}

extension Settings.Clog {
    init(_ operands: Operands) throws(OperandProblem) { scope = try TrafficScope(operands) }
}

extension Action {
    /// Holds back what is on its way and what is sent; it arrives, in order, when it is released.
    public static func clog(_ scope: TrafficScope) -> Action { Action(Settings.Clog(scope: scope)) }

    /// Releases what was held back.
    public static func unclog(_ scope: TrafficScope) -> Action {
        Action(Settings.Clog(scope: scope, isClogged: false))
    }
}

extension World {
    /// A host that has links.
    func hostWithLinks(_ id: HostID) throws(ActionError) -> Host {
        let host = try self.host(id)
        guard !linksByHost[id].isEmpty else { throw ActionError("\(host.name) has no link") }
        return host
    }

    /// Clogs or releases a direction of a link.
    func clog(_ link: Link, _ direction: LinkDirection, _ isClogged: Bool) {
        guard link[direction].isClogged != isClogged else { return }
        link[direction].isClogged = isClogged
        emit(.clogged(link.id, direction, isClogged))
        if isClogged, link[direction].isEmpty(at: now) { return }
        let isMeant = { (hop: Hop) in hop.link === link && hop.direction == direction }
        if isClogged { hold(where: isMeant) } else if link[direction].holdsBack { release(where: isMeant) }
    }

    /// Clogs or releases what comes to a host, or leaves it: one change of the host, and not one of each of its links, for
    /// there may be 100,000.
    func clog(_ host: Host, _ bounds: [TrafficScope.Bound], _ isClogged: Bool) {
        let changed = bounds.filter { host.isClogged($0) != isClogged }
        guard !changed.isEmpty else { return }
        let was = host.isClogged
        for bound in changed {
            host.setClogged(bound, isClogged)
            emit(.hostClogged(host.id, bound, isClogged))
        }
        cloggedHosts += (host.isClogged ? 1 : 0) - (was ? 1 : 0)
        guard mayCarry(host) else { return }
        let isMeant = { (hop: Hop) in
            changed.contains {
                host === ($0 == .outbound ? hop.link.sender(hop.direction) : hop.link.receiver(hop.direction))
            }
        }
        if isClogged { hold(where: isMeant) } else { release(where: isMeant) }
    }

    /// Whether something may be on a host's links: a few are asked, of more it is not known.
    private func mayCarry(_ host: Host) -> Bool {
        let its = linksByHost[host.id]
        return its.count > 4
            || its.contains { id in
                let link = links[Int(id.index)]
                return !link.forward.isEmpty(at: now) || !link.backward.isEmpty(at: now)
            }
    }

    /// Whether a direction of a link holds back what it carries, of its own or for one of its hosts.
    func isClogged(_ link: Link, _ direction: LinkDirection) -> Bool {
        if link[direction].isClogged { return true }
        return cloggedHosts > 0 && (link.sender(direction).holdsOutbound || link.receiver(direction).holdsInbound)
    }
}

extension Host {
    /// Whether it is clogged at all.
    var isClogged: Bool { holdsInbound || holdsOutbound }

    /// Whether what is bound so is held back.
    func isClogged(_ bound: TrafficScope.Bound) -> Bool { bound == .inbound ? holdsInbound : holdsOutbound }

    fileprivate func setClogged(_ bound: TrafficScope.Bound, _ isClogged: Bool) {
        switch bound {
        case .inbound: holdsInbound = isClogged
        case .outbound: holdsOutbound = isClogged
        }
    }
}

extension TrafficScope.Bound? {
    /// The bound, or both.
    fileprivate var each: [TrafficScope.Bound] { map { [$0] } ?? TrafficScope.Bound.allCases }
}
