extension Settings {
    /// A host runs out of sockets, buffer memory or ports.
    struct Exhaust: Setting, OneForm, Acting {
        var host: HostID
        var resource: HostLimits.Resource
        /// The limit; nil for the one that the host has in the topology.
        var limit: Int64?

        static let form = ActionForm(
            37, "exhaust", [.host] + HostLimits.Resource.allCases.map { operand(of: $0) },
            "Limit one of a host's sockets, buffer memory and ports; `usual` lifts it.")

        private static func operand(of resource: HostLimits.Resource) -> ActionForm.Operand {
            ActionForm.Operand(resource.rawValue, resource.operandKind, words: ["usual"]).optional
        }

        var family: FaultFamily { .exhaust }
        var operands: Operands {
            Operands(["host": host.operand, resource.rawValue: limit?.operand ?? .word("usual")])
        }
        var lifted: Self { Self(host: host, resource: resource) }

        func target(in world: World) throws(ActionError) -> Host { try world.host(host) }

        func act(on host: Host, in world: World) {
            let usual = world.topology.hosts[Int(host.id.index)].limits
            switch resource {
            case .sockets: host.limits.sockets = limit.map { Int32(clamping: $0) } ?? usual.sockets
            case .memory: host.limits.memory = limit ?? usual.memory
            case .ports:
                host.limits.ports = limit.map { Int32(clamping: min($0, Int64(usual.ports))) } ?? usual.ports
            }
            // Those who wait for room look again.
            for life in host.processes.compactMap(\.life) {
                for listener in life.listeners { listener.accepting.wake() }
            }
        }

        static let chaos: ChaosSource? = .episodes(.exhaust) { draws in
            guard let host = draws.anyHost() else { return nil }
            let resource = HostLimits.Resource.allCases[Int(draws.below(3, "resource"))]
            switch resource {
            case .sockets, .ports: return .exhaust(host, resource, draws.below(4, "limit"))
            case .memory: return .exhaust(host, resource, 1 + draws.below(4_096, "limit"))
            }
        }
    }
}

extension Settings.Exhaust {
    init(_ operands: Operands) throws(OperandProblem) {
        host = try operands.require("host")
        let given = HostLimits.Resource.allCases.filter { operands[$0.rawValue] != nil }
        guard given.count == 1, let resource = given.first else {
            throw OperandProblem(nil, "exhaust limits one of sockets, memory or ports")
        }
        self.resource = resource
        limit = operands[resource.rawValue] == .word("usual") ? nil : try operands.require(resource.rawValue)
    }
}

extension HostLimits.Resource {
    /// What a limit of it may be.
    package var operandKind: ActionForm.Operand.Kind {
        switch self {
        case .sockets: .count(0...1_000_000)
        case .memory: .size(0...1_099_511_627_776)
        case .ports: .count(0...Int64(HostLimits().ports))
        }
    }
}

extension Action {
    /// Limits a resource of a host; nil gives it back the limit that it has in the topology.
    public static func exhaust(_ host: HostID, _ resource: HostLimits.Resource, _ limit: Int64?) -> Action {
        Action(Settings.Exhaust(host: host, resource: resource, limit: limit))
    }
}
