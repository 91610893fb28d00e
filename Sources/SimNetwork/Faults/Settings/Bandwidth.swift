extension Settings {
    /// A link carries so many bytes a second, and its queue holds so many.
    struct Bandwidth: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var shape: LinkShape?

        static let property = LinkShape.Kind.bandwidth
        static let form = ActionForm(
            "bandwidth",
            [
                .link, ActionForm.Operand("rate", .rate),
                ActionForm.Operand("queue", .size(0...1_073_741_824)).usually(.number(LinkProperties().queue)),
                .direction,
            ],
            "Let a link carry so many bytes a second, with a queue before it; `0B/s` is without limit.", sets: Self.self
        )

        static func operands(of shape: LinkShape) -> Operands {
            guard case .bandwidth(let rate, let queue) = shape else { return Operands() }
            return Operands(["rate": rate.operand, "queue": queue.operand])
        }

        static func shape(_ operands: Operands) throws(OperandProblem) -> LinkShape {
            .bandwidth(try operands.require("rate"), queue: try operands.require("queue"))
        }
    }
}
