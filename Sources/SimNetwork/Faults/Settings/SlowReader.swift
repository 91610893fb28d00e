extension Settings {
    /// A process reads slowly.
    struct SlowReader: IOSetting {
        var scope: IOScope
        /// Bytes a second; 0 for no limit.
        var rate: Int64

        static let form = ActionForm(
            27, "slow-reader", [.of(.peer, .host, .connection), ActionForm.Operand("rate", .rate)],
            "Hold reads to a rate; `0B/s` lifts the limit.")

        var family: FaultFamily { .slowReader }
        var operands: Operands { Operands(["of": scope.of, "rate": rate.operand]) }
        var lifted: Self { Self(scope: scope, rate: 0) }

        func change(_ faults: IOFaults, at now: Int64) {
            faults.readRate = rate
            faults.nextReadAt = now
        }

        func tell(_ process: Process, in world: World) { world.emit(.readRate(process.id, bytesPerSecond: rate)) }

        static let chaos: ChaosSource? = .episodes(.slowReader) { draws in
            guard let process = draws.anyProcess() else { return nil }
            return .slowReader(.process(process), bytesPerSecond: 100 + draws.below(20_000, "rate"))
        }
    }
}

extension Settings.SlowReader {
    init(_ operands: Operands) throws(OperandProblem) {
        scope = try IOScope(operands)
        rate = try operands.require("rate")
    }
}

extension Action {
    /// Holds reads to so many bytes a second; 0 lifts the limit.
    public static func slowReader(_ scope: IOScope, bytesPerSecond rate: Int64) -> Action {
        Action(Settings.SlowReader(scope: scope, rate: rate))
    }
}
