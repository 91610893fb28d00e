import SimNetwork

/// Which faults can be had on real sockets.
enum LiveFaults {
    /// What is done to processes needs no wire.
    private static let ofProcesses: Set<FaultFamily> = [.processExit, .processKill, .pause, .resume, .restart]
    /// What is done to connections, which only their sockets know.
    private static let ofConnections: Set<FaultFamily> = [.reset, .halfClose]
    /// What would be done to calls, and is not there yet.
    private static let ofCalls: Set<FaultFamily> = [
        .shortRead, .shortWrite, .slowReader, .close, .nameError, .exhaust,
    ]
    /// What would be done to the machine's clock, which is everybody's.
    private static let ofClocks: Set<FaultFamily> = [.clockSkew, .slowTimers]

    /// Whether an action is done to things that are outside the run's world alone: to connections.
    static func isOutside(_ action: Action, on provider: ProviderKind) -> Bool {
        if ofConnections.contains(action.family) { return true }
        return provider == .linux
            && (action.family == .halfOpen || action.family == .sysctl && action.operands["connection"] != nil)
    }

    /// Why an action cannot be done on a network; nil where it can.
    static func obstacle(to action: Action, on provider: ProviderKind) -> String? {
        obstacle(to: action.family, on: provider)
    }

    /// Why the actions of a family cannot be done on a network; nil where they can.
    static func obstacle(to family: FaultFamily, on provider: ProviderKind) -> String? {
        if provider == .sim || ofProcesses.contains(family) || ofConnections.contains(family) { return nil }
        let beginning = "'\(family)' is unavailable on \(provider.rawValue): it needs "
        if ofClocks.contains(family) { return beginning + "a clock of the host's own" }
        if ofCalls.contains(family) { return beginning + "a hand in each call of a process" }
        if provider == .loopback { return beginning + "a wire between the hosts" }
        return nil
    }

    /// The faults of a lab that a network cannot have, by name, each once.
    static func unavailable(in lab: LabDefinition, on provider: ProviderKind) -> [String] {
        var names: [String] = []
        func note(_ name: String) { if !names.contains(name) { names.append(name) } }
        for action in lab.standing where obstacle(to: action, on: provider) != nil { note(action.family.rawValue) }
        for fault in lab.faults where obstacle(to: fault.action, on: provider) != nil {
            note(fault.action.family.rawValue)
        }
        if provider == .loopback {
            for link in lab.topology.links {
                for properties in [link.forward, link.backward] {
                    for kind in LinkShape.Kind.allCases
                    where kind != .latency && properties.shape(kind) != LinkProperties().shape(kind) {
                        note(kind.family.rawValue)
                    }
                }
            }
        }
        if lab.hasPrograms, provider != .linux { note("programs") }
        if provider == .sim { return names }
        if lab.topology.hosts.contains(where: { $0.limits != HostLimits() }) { note(FaultFamily.exhaust.rawValue) }
        for family in lab.chaos?.families ?? [] where obstacle(to: family, on: provider) != nil {
            note(family.rawValue)
        }
        if lab.buggify != nil { note("buggify") }
        return names
    }

    /// From when on something of a lab is missing on a network, in nanoseconds: what was to be there from the beginning, or
    /// what was to be done at a time, or at any.
    static func reach(of lab: LabDefinition, on provider: ProviderKind) -> Int64 {
        guard !unavailable(in: lab, on: provider).isEmpty else { return .max }
        var scheduled = lab
        scheduled.faults = []
        guard unavailable(in: scheduled, on: provider).isEmpty else { return 0 }
        return lab.faults.filter { obstacle(to: $0.action, on: provider) != nil }.map { fault in
            if case .at(let time) = fault.trigger { time } else { 0 }
        }
        .min() ?? .max
    }
}
