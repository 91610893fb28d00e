import PeerNetworking
import SimNetwork

/// Which faults can be had on real sockets.
enum LiveFaults {
    /// What is done to processes needs no wire.
    private static let ofProcesses: Set<FaultFamily> = [.processExit, .processKill, .pause, .resume, .restart]
    /// What is done to connections, which only their sockets know.
    private static let ofConnections: Set<FaultFamily> = [.reset, .halfClose]
    /// What is done to calls, as they come.
    private static let ofCalls: Set<FaultFamily> = [.shortRead, .shortWrite, .slowReader, .close, .nameError]
    /// What is done to attempts to connect: by the wire, where there is one, and else as calls come.
    private static let ofAttempts: Set<FaultFamily> = [.refuse, .backlogFull]
    /// What would be done to the machine's clock, which is everybody's.
    private static let ofClocks: Set<FaultFamily> = [.clockSkew, .slowTimers]
    /// The draws that come to something without a wire, beside those of the peers.
    private static let sitesOfCalls: Set<FaultSite> = [.connectRefuse, .nameError, .readShort, .writeShort, .ioClose]

    /// Whether something is done to calls: to whoever makes them, the run's world has something to say from then on.
    static func concernsCalls(_ action: Action) -> Bool {
        let family = action.family
        return ofCalls.contains(family) || ofAttempts.contains(family) || family == .exhaust || family == .override
    }

    /// Whether an action is done to things that are outside the run's world alone: to connections.
    static func isOutside(_ action: Action, on provider: ProviderKind) -> Bool {
        if ofConnections.contains(action.family) { return true }
        return provider == .linux
            && (action.family == .halfOpen || action.family == .sysctl && action.operands["connection"] != nil)
    }

    /// Why an action cannot be done on a network; nil where it can.
    static func obstacle(to action: Action, on provider: ProviderKind) -> String? {
        if action.family == .override { return site(of: action).flatMap { obstacle(to: $0, on: provider) } }
        let isOfSockets = action.operands[HostLimits.Resource.sockets.rawValue] != nil
        return action.family == .exhaust && isOfSockets ? nil : obstacle(to: action.family, on: provider)
    }

    /// Why draws of a site are never made on a network; nil where they are.
    private static func obstacle(to site: DrawSite, on provider: ProviderKind) -> String? {
        let beginning = "'\(site)' is unavailable on \(provider.rawValue): it needs "
        switch (provider, site) {
        case (.sim, _): return nil
        case (_, .chaos(let family)): return obstacle(to: family, on: provider)
        case (_, .fault(.timerSlow)): return beginning + aClock
        case (.loopback, .fault(let site)): return sitesOfCalls.contains(site) ? nil : beginning + aWire
        case (.loopback, .buggify(let site)): return BuggifySite.ofNetwork.contains(site) ? beginning + aWire : nil
        case (.linux, _): return nil
        }
    }

    /// The site that an override is for.
    private static func site(of action: Action) -> DrawSite? {
        guard case .text(let name)? = action.operands["site"] else { return nil }
        return DrawSite(name)
    }

    private static let aClock = "a clock of the host's own"
    private static let aWire = "a wire between the hosts"

    /// Why the actions of a family cannot be done on a network; nil where they can.
    static func obstacle(to family: FaultFamily, on provider: ProviderKind) -> String? {
        if provider == .sim || ofProcesses.contains(family) || ofConnections.contains(family) { return nil }
        if ofCalls.contains(family) || ofAttempts.contains(family) || family == .healAll || family == .reseed {
            return nil
        }
        let beginning = "'\(family)' is unavailable on \(provider.rawValue): it needs "
        if ofClocks.contains(family) { return beginning + aClock }
        if family == .exhaust { return beginning + "a hand in the host's kernel" }
        if provider == .loopback { return beginning + aWire }
        return nil
    }

    /// The faults of a lab that a network cannot have, by name, each once.
    ///
    /// - Parameter seed: the run's; nil for the lab's own.
    static func unavailable(in lab: LabDefinition, on provider: ProviderKind, seed: UInt64? = nil) -> [String] {
        var names: [String] = []
        func note(_ name: String) { if !names.contains(name) { names.append(name) } }
        for action in lab.standing where obstacle(to: action, on: provider) != nil { note(name(of: action)) }
        for fault in lab.faults where obstacle(to: fault.action, on: provider) != nil {
            note(name(of: fault.action))
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
        if lab.topology.hosts.contains(where: { $0.limits.needKernel }) { note(FaultFamily.exhaust.rawValue) }
        for family in lab.chaos?.families ?? [] where obstacle(to: family, on: provider) != nil {
            note(family.rawValue)
        }
        // The other sites of the network draw where there are queues, notices and routers: what is missing there is named.
        let segments = DrawSite.buggify(.simSegmentDelay)
        let sites = lab.buggify?.sites(seed: seed ?? lab.seed) ?? []
        if provider == .loopback, sites.contains(where: { $0.site == segments && $0.isArmed }) {
            note(segments.description)
        }
        return names
    }

    private static func name(of action: Action) -> String {
        action.family == .override ? site(of: action)?.description ?? "override" : action.family.rawValue
    }

    /// From when on something of a lab is missing on a network, in nanoseconds: what was to be there from the beginning, or
    /// what was to be done at a time, or at any.
    static func reach(of lab: LabDefinition, on provider: ProviderKind, seed: UInt64? = nil) -> Int64 {
        guard !unavailable(in: lab, on: provider, seed: seed).isEmpty else { return .max }
        var scheduled = lab
        scheduled.faults = []
        guard unavailable(in: scheduled, on: provider, seed: seed).isEmpty else { return 0 }
        return lab.faults.filter { obstacle(to: $0.action, on: provider) != nil }.map { fault in
            if case .at(let time) = fault.trigger { time } else { 0 }
        }
        .min() ?? .max
    }
}

extension HostLimits {
    /// Something is limited that only a kernel can limit.
    fileprivate var needKernel: Bool { memory != HostLimits().memory || ports != HostLimits().ports }
}
