import SimNetwork

extension ProviderKind {
    /// Opens a session of a lab on this network; one on real sockets begins to run.
    ///
    /// - Parameters:
    ///   - seed: instead of the lab's own.
    ///   - memory: what it keeps of the past, and in how much memory.
    public func open(_ lab: LabDefinition, seed: UInt64? = nil, memory: LogMemory = .standard) -> any LabSession {
        switch self {
        case .sim: SimSession(lab: lab, seed: seed, memory: memory)
        case .loopback, .linux: LiveSession(lab: lab, on: self, seed: seed, memory: memory)
        }
    }

    /// From when on something of a lab is missing on this network, in nanoseconds; `Int64.max` where nothing is.
    package func reach(of lab: LabDefinition) -> Int64 {
        LiveFaults.reach(of: lab, on: self)
    }

    /// Why an action cannot be done on this network at all; nil where it can.
    func obstacle(to action: Action) -> String? {
        LiveFaults.obstacle(to: action, on: self)
    }
}
