/// Something that is done to a process.
protocol ProcessDeed: Deed, OneForm, Acting {
    var process: ProcessID { get }
    init(process: ProcessID)
}

extension ProcessDeed {
    init(_ operands: Operands) throws(OperandProblem) { self.init(process: try operands.require("peer")) }

    var operands: Operands { Operands(["peer": process.operand]) }
}

extension World {
    /// The life of a process that runs.
    func life(of id: ProcessID) throws(ActionError) -> ProcessLife {
        let process = try self.process(id)
        guard let life = process.life else { throw ActionError("\(process.name) is not running") }
        return life
    }
}
