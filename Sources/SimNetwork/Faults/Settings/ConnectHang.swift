extension Settings {
    /// SYNs are ignored.
    struct ConnectHang: ServiceSetting {
        var service: ServiceScope
        var probability: Probability

        static let form = ActionForm(
            18, "connect-hang", [.service, .chance],
            "Ignore the SYNs of connections with a probability; `0` lifts it.")

        var family: FaultFamily { .connectHang }
        var operands: Operands { Operands(["service": service.operand, "probability": probability.operand]) }
        var lifted: Self { Self(service: service, probability: .never) }

        func change(_ fault: inout ServiceFault) { fault.hang = probability }

        static let chaos: ChaosSource? = .standing(.connectHang) { draws in
            draws.hosts.map { .connectHang(ServiceScope($0), draws.probability(most: 0.1)) }
        }
    }
}

extension Settings.ConnectHang {
    init(_ operands: Operands) throws(OperandProblem) {
        service = try operands.require("service")
        probability = try operands.require("probability")
    }
}

extension Action {
    /// Ignores the SYNs of connections with a probability; 0 lifts it.
    public static func connectHang(_ service: ServiceScope, _ probability: Probability) -> Action {
        Action(Settings.ConnectHang(service: service, probability: probability))
    }
}
