extension Settings {
    /// A link delivers segments twice.
    struct Duplicate: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var value: Probability?

        static let property = LinkShape.Kind.duplicate
        static let form = ActionForm(
            7, "duplicate", [.link, .probability, .direction],
            "Deliver segments twice with a probability.")

        static func shape(_ value: Probability) -> LinkShape { .duplicate(value) }
        static func operands(of value: Probability) -> Operands { Operands(["probability": value.operand]) }
        static func value(_ operands: Operands) throws(OperandProblem) -> Probability {
            try operands.require("probability")
        }

        static let chaos: ChaosSource? = .standing(.duplicate) { draws in
            let probability = draws.probability(most: 0.1)
            return draws.links.map { Action(Self(link: $0, direction: nil, value: probability)) }
        }
    }
}
