extension Settings {
    /// Segments take longer, or take another distribution of times.
    struct LinkLatency: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var shape: LinkShape?

        static let property = LinkShape.Kind.latency
        static let form = ActionForm(
            "latency", [.link, ActionForm.Operand("to", .latency), .direction],
            "Change how long segments take: `5ms`, or a distribution as `uniform(1ms,5ms)`.", sets: Self.self)

        static func operands(of shape: LinkShape) -> Operands {
            guard case .latency(let latency) = shape else { return Operands() }
            return Operands(["to": latency.operand])
        }

        static func shape(_ operands: Operands) throws(OperandProblem) -> LinkShape {
            .latency(try operands.require("to"))
        }
    }
}
