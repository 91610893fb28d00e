extension Settings {
    /// A link lets segments overtake others.
    struct Reorder: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var value: Reordering?

        static let property = LinkShape.Kind.reorder
        static let form = ActionForm(
            8, "reorder", [.link, .probability, .by(), .direction],
            "Hold segments up with a probability, so that others overtake them.")

        static func shape(_ value: Reordering) -> LinkShape { .reorder(value) }
        static func operands(of value: Reordering) -> Operands {
            Operands(["probability": value.probability.operand, "by": value.extra.operand])
        }
        static func value(_ operands: Operands) throws(OperandProblem) -> Reordering {
            Reordering(try operands.require("probability"), by: try operands.require("by"))
        }

        static let chaos: ChaosSource? = .standing(.reorder) { draws in
            let reorder = Reordering(draws.probability(most: 0.1), by: 1 + draws.below(20_000_000, "extra"))
            return draws.links.map { Action(Self(link: $0, direction: nil, value: reorder)) }
        }
    }
}
