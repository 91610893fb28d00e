extension Settings {
    /// A link carries so many bytes a second, and its queue holds so many.
    struct Bandwidth: LinkShapeSetting {
        /// What a line carries, and what waits for it.
        struct Line: Hashable {
            /// Bytes a second; 0 for no limit.
            var rate: Int64
            /// Bytes.
            var queue: Int64
        }

        var link: LinkID
        var direction: LinkDirection?
        var value: Line?

        static let property = LinkShape.Kind.bandwidth
        static let form = ActionForm(
            4, "bandwidth",
            [
                .link, ActionForm.Operand("rate", .rate),
                ActionForm.Operand("queue", .size(0...1_073_741_824)).usually(.number(LinkProperties().queue)),
                .direction,
            ],
            "Let a link carry so many bytes a second, with a queue before it; `0B/s` is without limit.")

        static func shape(_ value: Line) -> LinkShape { .bandwidth(value.rate, queue: value.queue) }
        static func operands(of value: Line) -> Operands {
            Operands(["rate": value.rate.operand, "queue": value.queue.operand])
        }
        static func value(_ operands: Operands) throws(OperandProblem) -> Line {
            Line(rate: try operands.require("rate"), queue: try operands.require("queue"))
        }

        static let chaos: ChaosSource? = .episodes(.bandwidth) { draws in
            guard let link = draws.anyLink() else { return nil }
            let line = Line(rate: 1_000 + draws.below(100_000, "rate"), queue: 1_500 + draws.below(30_000, "queue"))
            return Action(Self(link: link.id, direction: nil, value: line))
        }
    }
}
