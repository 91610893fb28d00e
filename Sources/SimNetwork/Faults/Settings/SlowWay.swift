extension Settings {
    /// One ordered pair of hosts has a longer way.
    struct SlowWay: Setting, OneForm, Acting {
        var from: HostID
        var to: HostID
        /// Nanoseconds.
        var extra: Int64

        static let form = ActionForm(
            3, "slow-pair", [ActionForm.Operand("pair", .pair), .by()],
            "Lengthen the way from one host to another; `0s` lifts it.")

        var family: FaultFamily { .slowPair }
        var operands: Operands { Operands(["pair": .pair(from, to), "by": extra.operand]) }
        var lifted: Self { Self(from: from, to: to, extra: 0) }

        func check() throws(OperandProblem) {
            guard from != to else { throw OperandProblem("pair", "a way leads from one host to another") }
        }

        func target(in world: World) throws(ActionError) -> (Host, Host) {
            (try world.host(from), try world.host(to))
        }

        func act(on target: (Host, Host), in world: World) {
            let (source, target) = target
            world.slowPairs.removeAll { $0.from === source && $0.to === target }
            // What goes that way next may overtake what has gone the longer one.
            for link in world.links {
                for direction in LinkDirection.allCases where link.sender(direction) === source {
                    link[direction].forgetOrder(at: world.now)
                }
            }
            if extra > 0 { world.slowPairs.append(SlowPair(from: source, to: target, extra: extra)) }
        }

        static let chaos: ChaosSource? = .episodes(.slowPair) { draws in
            guard let link = draws.anyLink() else { return nil }
            let isBack = draws.below(2, "direction") == 1
            return .slowPair(
                from: isBack ? link.second.id : link.first.id, to: isBack ? link.first.id : link.second.id,
                extra: 1 + draws.below(200_000_000, "extra"))
        }
    }
}

extension Settings.SlowWay {
    init(_ operands: Operands) throws(OperandProblem) {
        guard case .pair(let from, let to)? = operands["pair"] else {
            throw OperandProblem("pair", "'pair' must be two hosts")
        }
        (self.from, self.to, extra) = (from, to, try operands.require("by"))
    }
}

extension Action {
    /// Lengthens the way from one host to another by nanoseconds; 0 lifts it.
    public static func slowPair(from: HostID, to: HostID, extra: Int64) -> Action {
        Action(Settings.SlowWay(from: from, to: to, extra: extra))
    }
}
