extension Settings {
    /// A link damages segments.
    struct Corrupt: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var shape: LinkShape?

        static let property = LinkShape.Kind.corrupt
        static let form = ActionForm(
            "corrupt",
            [
                .link, ActionForm.Operand("caught", .probability).optional,
                ActionForm.Operand("uncaught", .probability).optional, .direction,
            ],
            "Damage segments: `caught` by the checksum and dropped, or `uncaught` with a bit of the payload flipped.",
            sets: Self.self)

        static func operands(of shape: LinkShape) -> Operands {
            guard case .corrupt(let corrupt) = shape else { return Operands() }
            return Operands(["caught": corrupt.caught.operand, "uncaught": corrupt.uncaught.operand])
        }

        static func shape(_ operands: Operands) throws(OperandProblem) -> LinkShape {
            let caught: Probability? = try operands.find("caught")
            let uncaught: Probability? = try operands.find("uncaught")
            guard caught != nil || uncaught != nil else {
                throw OperandProblem(nil, "corrupt needs 'caught' or 'uncaught'")
            }
            return .corrupt(Corruption(caught: caught ?? .never, uncaught: uncaught ?? .never))
        }
    }
}
