import PeerNetworking
import SimNetwork

// Labs without what their seeds draw.
extension LabDefinition {
    /// What chaos sets in the first event of a run for all of it.
    func settingsOfChaos(seed: UInt64) -> [Action] {
        func set(in lab: LabDefinition) -> [Action] {
            let simulation = lab.makeSimulation(seed: seed, keepsRecords: true)
            defer { simulation.shutDown() }
            var state = simulation.beginning()
            guard (try? simulation.advance(until: .init(nanoseconds: 0))) == true else { return [] }
            simulation.apply(to: &state)
            return simulation.record.changes.compactMap { change in
                if case .standing(let action) = change { return action }
                if case .shaped(let link, let direction, let shape) = change { return .shape(link, direction, shape) }
                return nil
            }
        }
        var quiet = self
        quiet.chaos = nil
        var before = set(in: quiet)
        return set(in: self).filter { action in
            guard let index = before.firstIndex(of: action) else { return true }
            before.remove(at: index)
            return false
        }
    }

    /// Takes away what draws at some sites: where nothing draws, nothing has to be vetoed.
    ///
    /// - Parameter forces: draws that are made all the same.
    mutating func quieten(_ sites: Set<DrawSite>, forced forces: [DrawOverride]) {
        for index in topology.links.indices {
            topology.links[index].forward.quieten(sites)
            topology.links[index].backward.quieten(sites)
        }
        let buggified = BuggifySite.allCases.filter { sites.contains(.buggify($0)) }
        guard !buggified.isEmpty, buggify != nil else { return }
        let names = BuggifySite.allCases.map { DrawSite.buggify($0).description }
        // Its sites have to be there for what is forced.
        buggify = forces.contains { names.contains($0.site) } ? BuggifyOptions(activation: .never) : nil
    }
}

extension LinkProperties {
    fileprivate mutating func quieten(_ sites: Set<DrawSite>) {
        if sites.contains(.fault(.linkLoss)) { loss = .never }
        if sites.contains(.fault(.linkDuplicate)) { duplicate = .never }
        // How much later something comes is said by what may hold it up.
        if sites.contains(.fault(.linkReorder)) { reorder.probability = .never }
        if sites.contains(.fault(.linkCorrupt)) { corrupt.caught = .never }
        if sites.contains(.fault(.linkCorruptUncaught)) { corrupt.uncaught = .never }
    }
}
