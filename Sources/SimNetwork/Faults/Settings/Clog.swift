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

        // A direction of a link is clogged or not, and shows it.
        static let isLayered = false
        static let isListed = false

        func target(in world: World) throws(ActionError) -> [World.CloggedLane] {
            let lanes = try world.lanes(of: scope)
            guard lanes.contains(where: { $0.link[$0.direction].clogs.contains($0.clog) != isClogged }) else {
                throw ActionError(isClogged ? "it is clogged already" : "it is not clogged")
            }
            return lanes
        }

        func act(on lanes: [World.CloggedLane], in world: World) {
            let places = lanes.count > World.fewLanes ? world.wire.placesByLane() : nil
            for lane in lanes {
                if isClogged {
                    world.clog(lane.link, lane.direction, lane.clog, among: places)
                } else {
                    world.unclog(lane.link, lane.direction, lane.clog, among: places)
                }
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
    /// A direction of a link, and who holds it back.
    typealias CloggedLane = (link: Link, direction: LinkDirection, clog: Link.Clog)

    /// So many links are looked through one by one for what is on them; of more, all are looked through once.
    fileprivate static let fewLanes = 4

    func lanes(of scope: TrafficScope) throws(ActionError) -> [CloggedLane] {
        switch scope {
        case .link(let id, let direction):
            let link = try self.link(id)
            return direction.each.map { (link, $0, .link) }
        case .host(let id, let bound):
            let host = try self.host(id)
            var lanes: [CloggedLane] = []
            for link in linksByHost[id] {
                let link = links[Int(link.index)]
                for direction in LinkDirection.allCases {
                    if bound != .inbound, link.sender(direction) === host { lanes.append((link, direction, .sender)) }
                    if bound != .outbound, link.receiver(direction) === host {
                        lanes.append((link, direction, .receiver))
                    }
                }
            }
            guard !lanes.isEmpty else { throw ActionError("\(host.name) has no link") }
            return lanes
        }
    }

    fileprivate func clog(
        _ link: Link, _ direction: LinkDirection, _ clog: Link.Clog, among places: [LinkLane: [Int]]?
    ) {
        let wasClogged = !link[direction].clogs.isEmpty
        link[direction].clogs.insert(clog)
        guard !wasClogged else { return }
        emit(.clogged(link.id, direction, true))
        hold(on: link, direction, among: places)
    }

    func unclog(
        _ link: Link, _ direction: LinkDirection, _ clog: Link.Clog, among places: [LinkLane: [Int]]? = nil
    ) {
        guard !link[direction].clogs.isEmpty else { return }
        link[direction].clogs.subtract(clog)
        guard link[direction].clogs.isEmpty else { return }
        emit(.clogged(link.id, direction, false))
        release(on: link, direction, among: places)
    }
}

extension Link.Clog {
    static let all: Link.Clog = [.link, .sender, .receiver]
}
