extension Settings {
    /// A host's timers go off late.
    struct LateTimers: Setting, OneForm, Acting {
        var host: HostID
        var probability: Probability
        /// Nanoseconds, at most.
        var most: Int64

        static let form = ActionForm(
            36, "slow-timers", [.host, ActionForm.Operand("most", .duration(.upToAnHour)), .chance],
            "Let a host's timers go off late, by so much at most; `0s` lifts it.")

        var family: FaultFamily { .slowTimers }
        var operands: Operands {
            Operands(["host": host.operand, "most": most.operand, "probability": probability.operand])
        }
        var lifted: Self { Self(host: host, probability: .never, most: 0) }

        /// Timers that are never late, or by nothing, are as usual.
        init(host: HostID, probability: Probability, most: Int64) {
            let isLate = probability != .never && most != 0
            self.host = host
            self.probability = isLate ? probability : .never
            self.most = isLate ? most : 0
        }

        init(_ operands: Operands) throws(OperandProblem) {
            self.init(
                host: try operands.require("host"), probability: try operands.require("probability"),
                most: try operands.require("most"))
        }

        func target(in world: World) throws(ActionError) -> Host { try world.host(host) }

        func act(on host: Host, in world: World) {
            host.slowTimers = probability == .never ? nil : SlowTimers(probability: probability, most: most)
        }

        static let chaos: ChaosSource? = .standing(.slowTimers) { draws in
            draws.hosts.map {
                .slowTimers($0, draws.probability(most: 0.3), most: 1 + draws.below(200_000_000, "most"))
            }
        }
    }
}

extension Action {
    /// Lets a host's timers go off late with a probability, by at most so many nanoseconds; 0 lifts it.
    public static func slowTimers(_ host: HostID, _ probability: Probability, most: Int64) -> Action {
        Action(Settings.LateTimers(host: host, probability: probability, most: most))
    }
}
