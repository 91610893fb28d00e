extension Settings {
    /// A link loses segments.
    struct Loss: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var value: LossModel?

        static let property = LinkShape.Kind.loss
        static let form = ActionForm(
            6, "loss", [.link, ActionForm.Operand("probability", .loss), .direction],
            "Lose segments with a probability, or in bursts: `burst(p,r)`.")

        static func shape(_ value: LossModel) -> LinkShape { .loss(value) }
        static func operands(of value: LossModel) -> Operands { Operands(["probability": value.operand]) }
        static func value(_ operands: Operands) throws(OperandProblem) -> LossModel {
            try operands.require("probability")
        }

        static let chaos: ChaosSource? = .standing(.loss) { draws in
            let model = LossModel.independent(draws.probability(most: 0.1))
            return draws.links.map { Action(Self(link: $0, direction: nil, value: model)) }
        }
    }
}
