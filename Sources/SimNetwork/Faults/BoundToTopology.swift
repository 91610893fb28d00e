/// A fault that not every network can have, however it is run.
protocol BoundToTopology: Fault {
    /// Why it can never be done to a network of such a topology; nil where it can.
    func problem(in topology: Topology) -> OperandProblem?
}

extension Action {
    /// Why it can never be done to a network of such a topology; nil where it can.
    package func problem(in topology: Topology) -> OperandProblem? {
        (fault as? any BoundToTopology)?.problem(in: topology)
    }
}
