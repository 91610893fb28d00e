extension Settings {
    /// A link or a host lets nothing through that the network says.
    struct NoticeDrop: Setting, OneForm, Acting {
        var scope: TrafficScope
        var probability: Probability

        static let form = ActionForm(
            51, "icmp-drop", [.of(.link, .host), .chance, .direction],
            "Drop what the network says of segments (ICMP) on a link, or at a host or router; `0` lifts it.")

        var family: FaultFamily { .icmpDrop }
        var operands: Operands {
            Operands(["of": scope.of, "probability": probability.operand, "direction": scope.direction])
        }
        var lifted: Self { Self(scope: scope, probability: .never) }

        enum Place {
            case link(Link, [LinkDirection])
            case host(Host)
        }

        func check() throws(OperandProblem) { try scope.checkIsWhole() }

        func target(in world: World) throws(ActionError) -> Place {
            switch scope {
            case .link(let id, let direction): .link(try world.link(id), direction.each)
            case .host(let id, _): .host(try world.host(id))
            }
        }

        func act(on place: Place, in world: World) {
            switch place {
            case .link(let link, let directions):
                for direction in directions { link[direction].noticeDrop = probability }
            case .host(let host): host.noticeDrop = probability
            }
        }

        static let chaos: ChaosSource? = .episodes(.icmpDrop) { draws in
            draws.anyHost().map { .icmpDrop(.host($0, nil)) }
        }
    }
}

extension Settings.NoticeDrop {
    init(_ operands: Operands) throws(OperandProblem) {
        scope = try TrafficScope(operands)
        probability = try operands.require("probability")
    }
}

extension Action {
    /// Drops what the network says (ICMP) on a link or at a host, with a probability; 0 lifts it.
    public static func icmpDrop(_ scope: TrafficScope, _ probability: Probability = .always) -> Action {
        Action(Settings.NoticeDrop(scope: scope, probability: probability))
    }
}
