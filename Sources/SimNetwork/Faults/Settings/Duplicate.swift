extension Settings {
    /// A link delivers segments twice.
    struct Duplicate: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var shape: LinkShape?

        static let property = LinkShape.Kind.duplicate
        static let form = ActionForm(
            "duplicate", [.link, .probability, .direction],
            "Deliver segments twice with a probability.", sets: Self.self)

        static func operands(of shape: LinkShape) -> Operands {
            guard case .duplicate(let probability) = shape else { return Operands() }
            return Operands(["probability": probability.operand])
        }

        static func shape(_ operands: Operands) throws(OperandProblem) -> LinkShape {
            .duplicate(try operands.require("probability"))
        }
    }
}
