extension Settings {
    /// A link damages segments.
    struct Corrupt: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var value: Corruption?

        static let property = LinkShape.Kind.corrupt
        static let form = ActionForm(
            9, "corrupt",
            [
                .link, ActionForm.Operand("caught", .probability).optional,
                ActionForm.Operand("uncaught", .probability).optional, .direction,
            ],
            "Damage segments: `caught` by the checksum and dropped, or `uncaught` with a bit of the payload flipped.")

        static func shape(_ value: Corruption) -> LinkShape { .corrupt(value) }
        static func operands(of value: Corruption) -> Operands {
            Operands(["caught": value.caught.operand, "uncaught": value.uncaught.operand])
        }
        static func value(_ operands: Operands) throws(OperandProblem) -> Corruption {
            let caught: Probability? = try operands.find("caught")
            let uncaught: Probability? = try operands.find("uncaught")
            guard caught != nil || uncaught != nil else {
                throw OperandProblem(nil, "corrupt needs 'caught' or 'uncaught'")
            }
            return Corruption(caught: caught ?? .never, uncaught: uncaught ?? .never)
        }

        static let chaos: ChaosSource? = .standing(.corrupt) { draws in
            let corrupt = Corruption(
                caught: draws.probability(most: 0.05), uncaught: draws.probability(most: 0.001))
            return draws.links.map { Action(Self(link: $0, direction: nil, value: corrupt)) }
        }
    }
}
