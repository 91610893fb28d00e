extension Settings {
    /// A link takes packets up to a size.
    struct MTU: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var shape: LinkShape?

        static let property = LinkShape.Kind.mtu
        static let form = ActionForm(
            "mtu", [.link, ActionForm.Operand("bytes", .size(128...65_535)), .direction],
            "Let a link take packets up to a size; larger ones are lost, and their sender is told.", sets: Self.self)

        static func operands(of shape: LinkShape) -> Operands {
            guard case .mtu(let bytes) = shape else { return Operands() }
            return Operands(["bytes": Int64(bytes).operand])
        }

        static func shape(_ operands: Operands) throws(OperandProblem) -> LinkShape {
            .mtu(Int32(clamping: try operands.require("bytes", as: Int64.self)))
        }
    }
}
