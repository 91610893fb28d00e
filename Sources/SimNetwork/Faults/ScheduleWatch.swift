/// The conditions that a schedule waits for, with the state that they are about: a fold over the run's changes, as they come.
///
/// Only a world that has something to wait for has one, and only for as long: whether it has is asked at every change.
final class ScheduleWatch {
    /// What follows a condition.
    struct Awaiting {
        /// Nanoseconds from when it comes true to the strike.
        let after: Int64
        let strike: Strike
    }

    private var state: WorldState
    private var watches = WatchList()
    /// By their numbers in the list.
    private var awaiting: [Awaiting] = []

    /// Begins before the first event.
    init(_ topology: Topology) {
        state = WorldState(hosts: topology.hosts.count, links: topology.links.count)
    }

    var isEmpty: Bool { watches.isEmpty }

    func add(_ strike: Strike, when condition: Condition, after: Int64) {
        watches.add(awaiting.count, condition, in: state)
        awaiting.append(Awaiting(after: after, strike: strike))
    }

    /// Applies a change.
    ///
    /// - Returns: what follows from it, each once.
    func sees(_ change: Change, at time: Int64) -> [Awaiting] {
        let kinds = ChangeKinds(of: change)
        // What no condition is about need not be folded: what is pending, and what is on the wire.
        guard !kinds.isEmpty else { return [] }
        state.time = time
        state.apply(change)
        return take(watches.sees(change, kinds, in: state))
    }

    /// Notes that an event is over.
    ///
    /// - Returns: what follows from it as a whole, each once.
    func seesEnd() -> [Awaiting] {
        take(watches.seesEnd(in: state))
    }

    private func take(_ met: [Int]) -> [Awaiting] {
        guard !met.isEmpty else { return [] }
        watches.remove { met.contains($0) }
        return met.map { awaiting[$0] }
    }
}
