extension Settings {
    /// Writes take few bytes.
    struct ShortWrite: IOSetting {
        var scope: IOScope
        /// How few; nil for as many as there are.
        var short: ShortIO?

        static let form = ActionForm(
            26, "short-write", [.of(.peer, .host, .connection), ShortIO.largest, .chance],
            "Let writes take few bytes; `0B` lifts it.")

        var family: FaultFamily { .shortWrite }
        var operands: Operands { ShortIO.operands(short, scope) }
        var lifted: Self { Self(scope: scope) }

        func change(_ faults: IOFaults, at now: Int64) { faults.shortWrite = short }

        static let chaos: ChaosSource? = .standing(.shortWrite) { draws in
            let short = ShortIO.any(draws)
            return draws.hostsOfProcesses.map { .shortWrite(.host($0), short) }
        }
    }
}

extension Settings.ShortWrite {
    init(_ operands: Operands) throws(OperandProblem) {
        scope = try IOScope(operands)
        short = try ShortIO.read(operands)
    }
}

extension Action {
    /// Shortens writes; nil lifts it.
    public static func shortWrite(_ scope: IOScope, _ short: ShortIO?) -> Action {
        Action(Settings.ShortWrite(scope: scope, short: short?.largest == 0 ? nil : short))
    }
}
