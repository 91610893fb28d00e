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
                .link, .word("discipline", QueueDiscipline.Kind.self, "drop-tail|red|codel"), .direction,
                ActionForm.Operand("min", bytes).optional.keyed, ActionForm.Operand("max", bytes).optional.keyed,
                ActionForm.Operand("probability", .probability).optional.keyed,
                ActionForm.Operand("weight", .probability).optional.keyed,
                ActionForm.Operand("target", time).optional.keyed, ActionForm.Operand("interval", time).optional.keyed,
                ActionForm.Operand("marks", .flag).optional.keyed,
            ],
            "Let the queue before a line drop at its tail, at random and early (`red`), or what has waited too long (`codel`); "
                + "with `marks: yes` packets whose ends know marks are marked instead.")

        private static let bytes = ActionForm.Operand.Kind.size(1...1_073_741_824)
        /// A microsecond to a minute.
        private static let time = ActionForm.Operand.Kind.duration(1_000...60_000_000_000)

        static func shape(_ value: QueueDiscipline) -> LinkShape { .queue(value) }

        static func operands(of value: QueueDiscipline) -> Operands {
            var operands = Operands(["discipline": value.kind.operand])
            switch value {
            case .dropTail: break
            case .red(let red):
                let usual = RandomEarlyDetection()
                if red.least > 0 { operands["min"] = red.least.operand }
                if red.most > 0 { operands["max"] = red.most.operand }
                if red.probability != usual.probability { operands["probability"] = red.probability.operand }
                if red.weight != usual.weight { operands["weight"] = red.weight.operand }
                if red.marks { operands["marks"] = red.marks.operand }
            case .codel(let codel):
                let usual = ControlledDelay()
                if codel.target != usual.target { operands["target"] = codel.target.operand }
                if codel.interval != usual.interval { operands["interval"] = codel.interval.operand }
                if codel.marks { operands["marks"] = codel.marks.operand }
            }
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
            if draws.below(2, "discipline") == 0 {
                var codel = ControlledDelay()
                codel.marks = draws.below(2, "marks") == 0
                codel.target = 1_000_000 + draws.below(20_000_000, "target")
                codel.interval = codel.target * 20
                return Action(Self(link: link.id, direction: nil, value: .codel(codel)))
            }
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
        switch self {
        case .dropTail: nil
        case .red(let red):
            red.least > 0 && red.most > 0 && red.least >= red.most
                ? OperandProblem("min", "'min' must be less than 'max'") : nil
        case .codel(let codel):
            codel.target >= codel.interval
                ? OperandProblem("target", "'target' must be less than 'interval', which is 100ms unless it is given")
                : nil
        }
    }

    /// The discipline that operands of `queue` make up.
    ///
    /// - Throws: ``OperandProblem`` where one does not go with the others.
    package init(_ operands: Operands) throws(OperandProblem) {
        let kind: Kind = try operands.require("discipline")
        for (key, owners) in Self.owners where !owners.contains(kind) && operands[key] != nil {
            let names = owners.map(\.rawValue).joined(separator: " and ")
            throw OperandProblem(key, "'\(key)' is of \(names), and not of \(kind.rawValue)")
        }
        switch kind {
        case .dropTail: self = .dropTail
        case .red:
            var red = RandomEarlyDetection()
            red.least = try operands.find("min") ?? red.least
            red.most = try operands.find("max") ?? red.most
            red.probability = try operands.find("probability") ?? red.probability
            red.weight = try operands.find("weight") ?? red.weight
            red.marks = try operands.find("marks") ?? red.marks
            self = .red(red)
        case .codel:
            var codel = ControlledDelay()
            codel.target = try operands.find("target") ?? codel.target
            codel.interval = try operands.find("interval") ?? codel.interval
            codel.marks = try operands.find("marks") ?? codel.marks
            self = .codel(codel)
        }
    }

    /// The disciplines that an operand is of.
    private static let owners: KeyValuePairs<String, [Kind]> = [
        "min": [.red], "max": [.red], "probability": [.red], "weight": [.red], "target": [.codel], "interval": [.codel],
        "marks": [.red, .codel],
    ]
}

extension QueueDiscipline.Kind: OperandWord {
    var word: String { rawValue }
}
