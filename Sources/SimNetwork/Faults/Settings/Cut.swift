extension Settings {
    /// A link, or one direction of it, carries nothing.
    struct Cut: Setting, Acting {
        var link: LinkID
        var direction: LinkDirection?
        var isCut = true

        static let forms = [
            ActionForm(
                0, "cut", [.link, .direction],
                "Cut a link, or one direction of it: what is on it is lost, and what is sent over it."),
            ActionForm(1, "heal", [.link, .direction], "Heal a link, or one direction of it.", lifts: true),
        ]

        var family: FaultFamily { .cut }
        var form: ActionForm { Self.forms[isCut ? 0 : 1] }
        var operands: Operands { Operands(["link": link.operand, "direction": direction?.operand]) }
        var lifted: Self { Self(link: link, direction: direction, isCut: false) }

        // A link is cut or whole, and shows it.
        static let isLayered = false
        static let isListed = false

        func target(in world: World) throws(ActionError) -> (Link, [LinkDirection]) {
            let link = try world.link(link)
            let changing = direction.each.filter { link[$0].isCut != isCut }
            guard !changing.isEmpty else {
                throw ActionError("\(world.topology.name(of: link.id)) is \(isCut ? "cut" : "whole") already")
            }
            return (link, changing)
        }

        func act(on target: (Link, [LinkDirection]), in world: World) {
            let (link, changing) = target
            for direction in changing {
                link[direction].isCut = isCut
                world.emit(.cut(link.id, direction, isCut))
                guard isCut else { continue }
                link[direction].cuts &+= 1
                guard !link[direction].isEmpty(at: world.now) else { continue }
                link[direction].holdsBack = false
                world.loseInFlight(.cut) { $0.isOn(link, direction) }
            }
        }

        static let chaos: ChaosSource? = .episodes(.cut) { draws in
            guard let link = draws.anyLink() else { return nil }
            return .cut(link.id, draws.anyDirection())
        }
    }
}

extension Settings.Cut {
    init(_ operands: Operands) throws(OperandProblem) {
        link = try operands.require("link")
        direction = try operands.find("direction")
    }
}

extension LinkDirection? {
    /// The directions that are meant: both where none is given.
    var each: [LinkDirection] { map { [$0] } ?? LinkDirection.allCases }
}

extension Action {
    /// Cuts a link: what is on it is lost, and what is sent over it. One direction, or both where none is given.
    public static func cut(_ link: LinkID, _ direction: LinkDirection?) -> Action {
        Action(Settings.Cut(link: link, direction: direction))
    }

    /// Heals a link.
    public static func heal(_ link: LinkID, _ direction: LinkDirection?) -> Action {
        Action(Settings.Cut(link: link, direction: direction, isCut: false))
    }
}
