extension Deeds {
    /// All faults are healed, as if nothing had been done to the network; what has happened has happened. What was still
    /// to come of them does not come.
    struct HealAll: Deed, OneForm, Acting {
        static let form = ActionForm(
            44, "heal-all", [], "Heal everything, and end buggify and chaos.")

        var family: FaultFamily { .healAll }
        var operands: Operands { Operands() }
        var heals: Bool { true }

        func target(in world: World) throws(ActionError) {}

        func act(on target: Void, in world: World) {
            world.isHealed = true
            world.layers = Layers()
            for (id, _) in world.timers.all(where: { $0.isOfFaults }) { world.cancel(id) }
            for action in world.standing.actions { world.undo(action) }
            for partition in world.partitions { world.undo(.partition(.groups(partition))) }
            for host in world.hosts where host.isClogged { world.clog(host, TrafficScope.Bound.allCases, false) }
            for link in world.links { world.heal(link) }
            for host in world.hosts where !host.isOn { _ = try? world.apply(.powerOn(host.id)) }
            for process in world.processes {
                if process.state == .paused { _ = try? world.apply(.resume(process.id)) }
                if process.wasEndedByFault { _ = try? world.apply(.restart(process.id)) }
            }
        }
    }
}

extension Deeds.HealAll {
    init(_ operands: Operands) throws(OperandProblem) {}
}

extension Action {
    /// Heals everything: links, partitions, clogs, powers, processes, and all that stands; buggify and chaos end too.
    public static var healAll: Action { Action(Deeds.HealAll()) }
}

extension World {
    fileprivate func undo(_ action: Action) {
        if let inverse = action.inverse { _ = try? apply(inverse) }
    }

    fileprivate func heal(_ link: Link) {
        if link.forward.isCut || link.backward.isCut { _ = try? apply(.heal(link.id, nil)) }
        for direction in LinkDirection.allCases {
            clog(link, direction, false)
            // What was never changed is as the lab has it: of 100,000 links that are most.
            if !link[direction].shaped.isEmpty {
                for kind in LinkShape.Kind.allCases { restore(kind, of: link, direction) }
            }
            link[direction].forgetOrder(at: now)
        }
    }
}

extension TimerAction {
    /// It is chaos, or the end or the rest of a fault that has struck.
    fileprivate var isOfFaults: Bool {
        switch self {
        case .action(let strike): strike.follows
        case .chaos: true
        case .wake, .socket: false
        }
    }
}
