extension Settings {
    /// A listener's backlog is full.
    struct BacklogFull: ServiceSetting {
        var service: ServiceScope
        var isFull: Bool

        static let form = ActionForm(
            19, "backlog-full", [.service, ActionForm.Operand("full", .flag).usually(.flag(true))],
            "Let a listener's backlog be full.")

        var family: FaultFamily { .backlogFull }
        var operands: Operands { Operands(["service": service.operand, "full": isFull.operand]) }
        var lifted: Self { Self(service: service, isFull: false) }

        func change(_ fault: inout ServiceFault) { fault.isFull = isFull }

        static let chaos: ChaosSource? = .episodes(.backlogFull) { draws in
            draws.anyHost().map { .backlogFull(ServiceScope($0), true) }
        }
    }
}

extension Settings.BacklogFull {
    init(_ operands: Operands) throws(OperandProblem) {
        service = try operands.require("service")
        isFull = try operands.require("full")
    }
}

extension Action {
    /// Lets a listener's backlog be full, or have room again.
    public static func backlogFull(_ service: ServiceScope, _ isFull: Bool) -> Action {
        Action(Settings.BacklogFull(service: service, isFull: isFull))
    }
}
