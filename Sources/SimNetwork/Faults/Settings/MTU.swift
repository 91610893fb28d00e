extension Settings {
    /// A link takes packets up to a size.
    struct MTU: LinkShapeSetting {
        /// The largest packet, and what becomes of a larger one.
        struct Largest: Hashable {
            /// Bytes, headers included.
            var bytes: Int32
            /// The sender of a larger one is told.
            var tells = true
        }

        var link: LinkID
        var direction: LinkDirection?
        var value: Largest?

        static let property = LinkShape.Kind.mtu
        static let form = ActionForm(
            5, "mtu",
            [
                .link, ActionForm.Operand("bytes", .size(LinkProperties.mtus)), .direction,
                ActionForm.Operand("tells", .flag).optional.keyed,
            ],
            "Let a link take packets up to a size; larger ones are lost, and their sender is told, or not (`tells: no`)."
        )

        static func shape(_ value: Largest) -> LinkShape { .mtu(value.bytes, tells: value.tells) }
        static func operands(of value: Largest) -> Operands {
            Operands(["bytes": Int64(value.bytes).operand, "tells": value.tells ? nil : value.tells.operand])
        }
        static func value(_ operands: Operands) throws(OperandProblem) -> Largest {
            Largest(
                bytes: Int32(clamping: try operands.require("bytes", as: Int64.self)),
                tells: try operands.find("tells") ?? true)
        }

        static let chaos: ChaosSource? = .episodes(.mtu) { draws in
            guard let link = draws.anyLink() else { return nil }
            let largest = Largest(bytes: Int32(300 + draws.below(1_200, "bytes")), tells: draws.below(2, "tells") == 0)
            return Action(Self(link: link.id, direction: nil, value: largest))
        }
    }
}
