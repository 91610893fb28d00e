extension Settings {
    /// Segments take longer, or take another distribution of times.
    struct LinkLatency: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var value: Latency?

        static let property = LinkShape.Kind.latency
        static let form = ActionForm(
            2, "latency", [.link, ActionForm.Operand("to", .latency), .direction],
            "Change how long segments take: `5ms`, or a distribution as `uniform(1ms,5ms)`.")

        static func shape(_ value: Latency) -> LinkShape { .latency(value) }
        static func operands(of value: Latency) -> Operands { Operands(["to": value.operand]) }
        static func value(_ operands: Operands) throws(OperandProblem) -> Latency {
            try operands.require("to")
        }

        static let chaos: ChaosSource? = .episodes(.latency) { draws in
            guard let link = draws.anyLink() else { return nil }
            let direction = draws.anyDirection()
            let latency = Latency.uniform(0, 1 + draws.below(300_000_000, "latency"))
            return Action(Self(link: link.id, direction: direction, value: latency))
        }
    }
}
