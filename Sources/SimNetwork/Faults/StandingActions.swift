/// What actions have set and nothing has lifted: limits, probabilities, skewed clocks, overrides.
///
/// Cuts, clogs, partitions and the shapes of links are states of their own and are not here.
public struct StandingActions: Hashable, Sendable {
    /// In the order in which they were done.
    public private(set) var actions: [Action] = []
    /// What each of them sets, as the action that lifts it.
    private var settings: [Action] = []
    /// The same, looked up: what nothing has set is not searched for among 100,000.
    private var known: Set<Action> = []

    /// Takes an action in: it stands in the place of one that set the same, or, where it heals, ends it.
    mutating func apply(_ action: Action) {
        guard let setting = action.setting else { return }
        if known.remove(setting) != nil, let index = settings.firstIndex(of: setting) {
            actions.remove(at: index)
            settings.remove(at: index)
        }
        guard !action.heals else { return }
        actions.append(action)
        settings.append(setting)
        known.insert(setting)
    }
}
