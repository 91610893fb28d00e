extension Settings {
    /// Segments of a protocol moment that cross a link are dropped.
    struct MomentDrop: Setting, OneForm, Acting {
        var moment: ProtocolMoment
        var link: LinkID
        var direction: LinkDirection?
        var probability: Probability

        static let form = ActionForm(
            39, "drop", [.link, .word("during", ProtocolMoment.self, "MOMENT"), .chance, .direction], Deeds.Drop.help)

        var family: FaultFamily { .drop }
        var operands: Operands {
            Operands([
                "link": link.operand, "during": moment.operand, "probability": probability.operand,
                "direction": direction?.operand,
            ])
        }
        var lifted: Self { Self(moment: moment, link: link, direction: direction, probability: .never) }

        /// What is lifted in both directions is in either.
        func isLifted(with other: Self) -> Bool {
            lifted == other || moment == other.moment && link == other.link && other.direction == nil
        }

        func target(in world: World) throws(ActionError) -> Link { try world.link(link) }

        func act(on link: Link, in world: World) {
            for direction in direction.each {
                var moments = link[direction].moments.filter { $0.moment != moment }
                if probability != .never { moments.append((moment, probability)) }
                link[direction].moments = moments
            }
        }

        static let chaos: ChaosSource? = .standing(.drop) { draws in
            let moments = ProtocolMoment.allCases
            let moment = moments[Int(draws.below(Int64(moments.count), "moment"))]
            return draws.links.map { .dropDuring(moment, $0, nil, draws.probability(most: 0.3)) }
        }
    }
}

extension Settings.MomentDrop {
    init(_ operands: Operands) throws(OperandProblem) {
        moment = try operands.require("during")
        link = try operands.require("link")
        direction = try operands.find("direction")
        probability = try operands.require("probability")
    }
}

extension ProtocolMoment: OperandWord {
    var word: String { rawValue }
}

extension Action {
    /// Drops segments of a protocol moment that cross a link, with a probability; 0 lifts it.
    public static func dropDuring(
        _ moment: ProtocolMoment, _ link: LinkID, _ direction: LinkDirection?, _ probability: Probability
    ) -> Action {
        Action(Settings.MomentDrop(moment: moment, link: link, direction: direction, probability: probability))
    }
}
