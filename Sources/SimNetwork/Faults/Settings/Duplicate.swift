extension Settings {
    /// A link delivers segments twice.
    struct Duplicate: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var value: Probability?

        static let property = LinkShape.Kind.duplicate
        static let form = ActionForm(
            "duplicate", [.link, .probability, .direction],
            "Deliver segments twice with a probability.", sets: Self.self)

        static func shape(_ value: Probability) -> LinkShape { .duplicate(value) }
        static func operands(of value: Probability) -> Operands { Operands(["probability": value.operand]) }
        static func value(_ operands: Operands) throws(OperandProblem) -> Probability {
            try operands.require("probability")
        }
    }
}
