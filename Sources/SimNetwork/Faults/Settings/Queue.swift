extension Settings {
    /// What the queue before a line does when it fills.
    struct Queue: LinkShapeSetting {
        var link: LinkID
        var direction: LinkDirection?
        var value: QueueDiscipline?

        static let property = LinkShape.Kind.queue
        static let form = ActionForm(
            53, "queue",
            [
                .link, .word("discipline", QueueDiscipline.Kind.self, "drop-tail|red"), .direction,
                ActionForm.Operand("min", bytes).optional.keyed, ActionForm.Operand("max", bytes).optional.keyed,
                ActionForm.Operand("probability", .probability).optional.keyed,
                ActionForm.Operand("weight", .probability).optional.keyed,
                ActionForm.Operand("marks", .flag).optional.keyed,
            ],
            "Let the queue before a line drop at its tail, or at random and early (`red`); with `marks: yes` packets whose ends "
                + "know marks are marked instead.")

        private static let bytes = ActionForm.Operand.Kind.size(1...1_073_741_824)

        static func shape(_ value: QueueDiscipline) -> LinkShape { .queue(value) }

        static func operands(of value: QueueDiscipline) -> Operands {
            var operands = Operands(["discipline": value.kind.operand])
            guard case .red(let red) = value else { return operands }
            let usual = RandomEarlyDetection()
            if red.least > 0 { operands["min"] = red.least.operand }
            if red.most > 0 { operands["max"] = red.most.operand }
            if red.probability != usual.probability { operands["probability"] = red.probability.operand }
            if red.weight != usual.weight { operands["weight"] = red.weight.operand }
            if red.marks { operands["marks"] = red.marks.operand }
            return operands
        }

        static func value(_ operands: Operands) throws(OperandProblem) -> QueueDiscipline {
            try QueueDiscipline(operands)
        }

        func check() throws(OperandProblem) { if let problem = value?.problem { throw problem } }

        func target(in world: World) throws(ActionError) -> Link {
            let link = try world.link(link)
            guard value == nil || direction.each.contains(where: { link[$0].properties.bandwidth > 0 }) else {
                throw ActionError("the link has no bandwidth: no queue forms before it")
            }
            return link
        }

        static let chaos: ChaosSource? = .episodes(.queue) { draws in
            guard let link = draws.anyQueue() else { return nil }
            var red = RandomEarlyDetection()
            red.marks = draws.below(2, "marks") == 0
            red.weight = Probability(0.05)
            red.probability = draws.probability(most: 0.5)
            return Action(Self(link: link.id, direction: nil, value: .red(red)))
        }
    }
}

extension QueueDiscipline {
    /// Why its bounds make no sense; nil where they do.
    package var problem: OperandProblem? {
        guard case .red(let red) = self, red.least > 0, red.most > 0, red.least >= red.most else { return nil }
        return OperandProblem("min", "'min' must be less than 'max'")
    }

    /// The discipline that operands of `queue` make up.
    ///
    /// - Throws: ``OperandProblem`` where one does not go with the others.
    package init(_ operands: Operands) throws(OperandProblem) {
        let kind: Kind = try operands.require("discipline")
        guard kind == .red else {
            let given = ["min", "max", "probability", "weight", "marks"].first { operands[$0] != nil }
            if let given { throw OperandProblem(given, "'\(given)' is of red, and not of drop-tail") }
            self = .dropTail
            return
        }
        var red = RandomEarlyDetection()
        red.least = try operands.find("min") ?? red.least
        red.most = try operands.find("max") ?? red.most
        red.probability = try operands.find("probability") ?? red.probability
        red.weight = try operands.find("weight") ?? red.weight
        red.marks = try operands.find("marks") ?? red.marks
        self = .red(red)
    }
}

extension QueueDiscipline.Kind: OperandWord {
    var word: String { rawValue }
}
