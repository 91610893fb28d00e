extension Settings {
    /// Connections are closed under their applications.
    struct Close: IOSetting {
        var scope: IOScope
        /// How; nil for not at all.
        var close: RandomClose?

        static let form = ActionForm(
            21, "close",
            [
                .of(.peer, .host, .connection), .chance,
                .word("learns", RandomClose.Learns.self).usually(RandomClose.Learns.both.operand),
                .word("manner", RandomClose.Manner.self).usually(RandomClose.Manner.reset.operand),
                ActionForm.Operand("use", .word, words: ["this", "next"]).usually(.word("this")),
            ],
            "Close connections under reads and writes with a probability; `probability=0` lifts it.")

        var family: FaultFamily { .close }
        var lifted: Self { Self(scope: scope) }

        var operands: Operands {
            Operands([
                "of": scope.of, "probability": (close?.probability ?? .never).operand,
                "learns": close?.learns.operand, "manner": close?.manner.operand,
                "use": close.map { .word($0.onNextUse ? "next" : "this") },
            ])
        }

        func change(_ faults: IOFaults, at now: Int64) { faults.close = close }

        static let chaos: ChaosSource? = .standing(.close) { draws in
            let learns = RandomClose.Learns.allCases[Int(draws.below(3, "learns"))]
            let manner = RandomClose.Manner.allCases[Int(draws.below(2, "manner"))]
            let close = RandomClose(
                draws.probability(most: 0.01), learns: learns, manner: manner, onNextUse: draws.below(2, "use") == 0)
            return draws.hostsOfProcesses.map { .close(.host($0), close) }
        }
    }
}

extension Settings.Close {
    init(_ operands: Operands) throws(OperandProblem) {
        scope = try IOScope(operands)
        let probability: Probability = try operands.require("probability")
        guard probability != .never else { return }
        close = RandomClose(
            probability, learns: try operands.require("learns"), manner: try operands.require("manner"),
            onNextUse: operands["use"] == .word("next"))
    }
}

extension RandomClose.Learns: OperandWord {
    var word: String {
        switch self {
        case .this: "this"
        case .other: "other"
        case .both: "both"
        }
    }
}

extension RandomClose.Manner: OperandWord {
    var word: String {
        switch self {
        case .reset: "reset"
        case .end: "end"
        }
    }
}

extension Action {
    /// Closes connections under reads and writes; nil lifts it.
    public static func close(_ scope: IOScope, _ close: RandomClose?) -> Action {
        Action(Settings.Close(scope: scope, close: close?.probability == .never ? nil : close))
    }
}
