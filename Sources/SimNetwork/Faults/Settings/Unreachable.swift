extension Settings {
    /// A host or a link is reported unreachable.
    struct Unreachable: Setting, OneForm, Acting {
        var scope: TrafficScope
        /// What is said of it; nil for nothing.
        var answer: Unreachability?

        static let form = ActionForm(
            16, "unreachable",
            [
                .of(.link, .host),
                ActionForm.Operand("answer", .word, words: Unreachability.allCases.map(\.word) + ["off"])
                    .usually(.word("host")),
                .direction,
            ], "Have a host or link answered for as unreachable.")

        var family: FaultFamily { .unreachable }
        var operands: Operands {
            Operands(["of": scope.of, "answer": answer?.operand ?? .word("off"), "direction": scope.direction])
        }
        var lifted: Self { Self(scope: scope) }

        func check() throws(OperandProblem) { try scope.checkIsWhole() }

        func target(in world: World) throws(ActionError) -> Place {
            switch scope {
            case .link(let id, let direction): .link(try world.link(id), direction.each)
            case .host(let id, _): .host(try world.host(id))
            }
        }

        enum Place {
            case link(Link, [LinkDirection])
            case host(Host)
        }

        func act(on place: Place, in world: World) {
            switch place {
            case .link(let link, let directions): for direction in directions { link[direction].unreachable = answer }
            case .host(let host):
                world.unreachableHosts += (answer == nil ? 0 : 1) - (host.unreachable == nil ? 0 : 1)
                host.unreachable = answer
            }
        }

        static let chaos: ChaosSource? = .episodes(.unreachable) { draws in
            guard let host = draws.anyHost() else { return nil }
            return .unreachable(.host(host, nil), draws.below(2, "answer") == 0 ? .host : .network)
        }
    }
}

extension Settings.Unreachable {
    init(_ operands: Operands) throws(OperandProblem) {
        scope = try TrafficScope(operands)
        answer = operands["answer"] == .word("off") ? nil : try operands.require("answer")
    }
}

extension Unreachability: OperandWord {
    var word: String {
        switch self {
        case .host: "host"
        case .network: "network"
        }
    }
}

extension Action {
    /// Has a host or link answered for as unreachable; nil lifts it.
    public static func unreachable(_ scope: TrafficScope, _ answer: Unreachability?) -> Action {
        Action(Settings.Unreachable(scope: scope, answer: answer))
    }
}
