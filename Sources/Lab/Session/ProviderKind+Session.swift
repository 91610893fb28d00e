import SimNetwork

extension ProviderKind {
    /// Opens a session of a lab on this network; one on real sockets begins to run.
    ///
    /// - Parameter seed: instead of the lab's own.
    public func open(_ lab: LabDefinition, seed: UInt64? = nil) -> any LabSession {
        switch self {
        case .sim: SimSession(lab: lab, seed: seed)
        case .loopback: LoopbackSession(lab: lab, seed: seed)
        }
    }

    /// Why an action cannot be done on this network at all; nil where it can.
    func obstacle(to action: Action) -> String? {
        switch self {
        case .sim: nil
        case .loopback: LoopbackRun.obstacle(to: action)
        }
    }
}
