extension Settings {
    /// A link loses segments.
    struct Loss: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var shape: LinkShape?

        static let property = LinkShape.Kind.loss
        static let form = ActionForm(
            "loss", [.link, ActionForm.Operand("probability", .loss), .direction],
            "Lose segments with a probability, or in bursts: `burst(p,r)`.", sets: Self.self)

        static func operands(of shape: LinkShape) -> Operands {
            guard case .loss(let model) = shape else { return Operands() }
            return Operands(["probability": model.operand])
        }

        static func shape(_ operands: Operands) throws(OperandProblem) -> LinkShape {
            .loss(try operands.require("probability"))
        }
    }
}
