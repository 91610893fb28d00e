extension Settings {
    /// A link lets segments overtake others.
    struct Reorder: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var shape: LinkShape?

        static let property = LinkShape.Kind.reorder
        static let form = ActionForm(
            "reorder", [.link, .probability, .by(), .direction],
            "Hold segments up with a probability, so that others overtake them.", sets: Self.self)

        static func operands(of shape: LinkShape) -> Operands {
            guard case .reorder(let reorder) = shape else { return Operands() }
            return Operands(["probability": reorder.probability.operand, "by": reorder.extra.operand])
        }

        static func shape(_ operands: Operands) throws(OperandProblem) -> LinkShape {
            .reorder(Reordering(try operands.require("probability"), by: try operands.require("by")))
        }
    }
}
