/// What actions have set and nothing has lifted: limits, probabilities, skewed clocks, overrides.
///
/// Cuts, clogs, partitions and the shapes of links are states of their own and are not here.
public struct StandingActions: Hashable, Sendable {
    /// In the order in which they were done.
    public private(set) var actions: [Action] = []

    /// Takes an action in: it stands in the place of one that set the same, or, where it heals, ends it.
    mutating func apply(_ action: Action) {
        guard let setting = action.setting else { return }
        actions.removeAll { $0.setting == setting }
        if !action.heals { actions.append(action) }
    }
}

extension Action {
    /// What it sets, without to what, as the action that lifts it; nil for one that sets nothing, or nothing that another
    /// could set otherwise.
    var setting: Action? {
        switch self {
        case .shape(let link, let direction, let shape): .unshape(link, direction, shape.kind)
        case .unshape: self
        case .slowPair(let from, let to, _): .slowPair(from: from, to: to, extra: 0)
        case .unreachable(let scope, _): .unreachable(scope, nil)
        case .refuse(let scope, _): .refuse(scope, .never)
        case .connectHang(let scope, _): .connectHang(scope, .never)
        case .backlogFull(let scope, _): .backlogFull(scope, false)
        case .nameError(let host, _, _): .nameError(host, nil, .never)
        case .close(let scope, _): .close(scope, nil)
        case .shortRead(let scope, _): .shortRead(scope, nil)
        case .shortWrite(let scope, _): .shortWrite(scope, nil)
        case .slowReader(let scope, _): .slowReader(scope, bytesPerSecond: 0)
        case .clockSkew(let host, _, _): .clockSkew(host, offset: 0, drift: 0)
        case .slowTimers(let host, _, _): .slowTimers(host, .never, most: 0)
        case .exhaust(let host, let resource, _): .exhaust(host, resource, nil)
        case .dropDuring(let moment, let link, let direction, _): .dropDuring(moment, link, direction, .never)
        case .override(let override), .unoverride(let override):
            .unoverride(
                DrawOverride(site: override.site, subject: override.subject, number: override.number, fires: false))
        default: nil
        }
    }
}
