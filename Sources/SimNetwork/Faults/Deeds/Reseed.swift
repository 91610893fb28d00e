extension Deeds {
    /// From here on the run has another seed: for draws of the network and of buggify, for chaos, and for what workloads draw.
    ///
    /// Numbers of draws go on, and what was armed or turned when the run began stays as it is.
    struct Reseed: Deed, Acting {
        var seed: Int64

        static let form = ActionForm(
            56, "reseed", [ActionForm.Operand("seed", .count(0...Int64.max))],
            "Give what is drawn from now on another seed: the same past, and another future.")
        static let forms = [form]

        var form: ActionForm { Self.form }
        var family: FaultFamily { .reseed }
        var operands: Operands { Operands(["seed": seed.operand]) }

        func target(in world: World) throws(ActionError) {}

        func act(on target: Void, in world: World) { world.reseed(UInt64(seed)) }
    }
}

extension Deeds.Reseed {
    init(_ operands: Operands) throws(OperandProblem) { self.init(seed: try operands.require("seed")) }
}

extension Action {
    /// Gives what is drawn from then on another seed.
    ///
    /// - Parameter seed: from 0.
    public static func reseed(_ seed: Int64) -> Action { Action(Deeds.Reseed(seed: seed)) }
}
