extension Settings {
    /// A link takes packets up to a size.
    struct MTU: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var value: Int32?

        static let property = LinkShape.Kind.mtu
        static let form = ActionForm(
            5, "mtu", [.link, ActionForm.Operand("bytes", .size(128...65_535)), .direction],
            "Let a link take packets up to a size; larger ones are lost, and their sender is told.")

        static func shape(_ value: Int32) -> LinkShape { .mtu(value) }
        static func operands(of value: Int32) -> Operands { Operands(["bytes": Int64(value).operand]) }
        static func value(_ operands: Operands) throws(OperandProblem) -> Int32 {
            Int32(clamping: try operands.require("bytes", as: Int64.self))
        }
    }
}
