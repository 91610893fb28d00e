extension Settings {
    /// Connections are refused.
    struct Refuse: ServiceSetting {
        var service: ServiceScope
        var probability: Probability

        static let form = ActionForm(
            17, "refuse", [.service, .chance],
            "Refuse connections to a host or port with a probability; `0` lifts it.")

        var family: FaultFamily { .refuse }
        var operands: Operands { Operands(["service": service.operand, "probability": probability.operand]) }
        var lifted: Self { Self(service: service, probability: .never) }

        func change(_ fault: inout ServiceFault) { fault.refuse = probability }

        static let chaos: ChaosSource? = .standing(.refuse) { draws in
            draws.hosts.map { .refuse(ServiceScope($0), draws.probability(most: 0.2)) }
        }
    }
}

extension Settings.Refuse {
    init(_ operands: Operands) throws(OperandProblem) {
        service = try operands.require("service")
        probability = try operands.require("probability")
    }
}

extension Action {
    /// Refuses connections with a probability; 0 lifts it.
    public static func refuse(_ service: ServiceScope, _ probability: Probability) -> Action {
        Action(Settings.Refuse(service: service, probability: probability))
    }
}
