extension Settings {
    /// Reads give few bytes.
    struct ShortRead: IOSetting {
        var scope: IOScope
        /// How few; nil for as many as there are.
        var short: ShortIO?

        static let form = ActionForm(
            25, "short-read", [.of(.peer, .host, .connection), ShortIO.largest, .chance],
            "Let reads give few bytes; `0B` lifts it.")

        var family: FaultFamily { .shortRead }
        var operands: Operands { ShortIO.operands(short, scope) }
        var lifted: Self { Self(scope: scope) }

        func change(_ faults: IOFaults, at now: Int64) { faults.shortRead = short }

        static let chaos: ChaosSource? = .standing(.shortRead) { draws in
            let short = ShortIO.any(draws)
            return draws.hostsOfProcesses.map { .shortRead(.host($0), short) }
        }
    }
}

extension Settings.ShortRead {
    init(_ operands: Operands) throws(OperandProblem) {
        scope = try IOScope(operands)
        short = try ShortIO.read(operands)
    }
}

extension Action {
    /// Shortens reads; nil lifts it.
    public static func shortRead(_ scope: IOScope, _ short: ShortIO?) -> Action {
        Action(Settings.ShortRead(scope: scope, short: short?.largest == 0 ? nil : short))
    }
}

// The operands that short reads and short writes have in common.
extension ShortIO {
    static let largest = ActionForm.Operand("largest", .size(0...1_073_741_824))

    /// What chaos draws.
    static func any(_ draws: ChaosDraws) -> ShortIO {
        ShortIO(largest: Int32(1 + draws.below(64, "largest")), probability: draws.probability(most: 0.5))
    }

    static func read(_ operands: Operands) throws(OperandProblem) -> ShortIO? {
        let largest: Int64 = try operands.require("largest")
        return largest == 0
            ? nil : ShortIO(largest: Int32(clamping: largest), probability: try operands.require("probability"))
    }

    static func operands(_ short: ShortIO?, _ scope: IOScope) -> Operands {
        Operands([
            "of": scope.of, "largest": Int64(short?.largest ?? 0).operand, "probability": short?.probability.operand,
        ])
    }
}
