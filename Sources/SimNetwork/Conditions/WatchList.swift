/// Several conditions that are watched together, each under a number of its user's.
package struct WatchList: Sendable {
    private struct Entry {
        let number: Int
        var watch: ConditionWatch
    }

    private var entries: [Entry] = []
    /// The changes that any of them is to be shown.
    package private(set) var interests: ChangeKinds = []
    /// Whether any of them looks at the state when an event is over.
    package private(set) var looksAtEnds = false

    /// Makes an empty list.
    package init() {}

    /// Whether nothing is watched.
    package var isEmpty: Bool { entries.isEmpty }

    /// Begins to watch a condition, from a state on.
    package mutating func add(_ number: Int, _ condition: Condition, in world: WorldState) {
        entries.append(Entry(number: number, watch: ConditionWatch(condition, in: world)))
        sumUp()
    }

    /// Ceases to watch some.
    package mutating func remove(where isOver: (Int) -> Bool) {
        entries.removeAll { isOver($0.number) }
        sumUp()
    }

    private mutating func sumUp() {
        interests = entries.reduce(into: []) { $0.formUnion($1.watch.interests) }
        looksAtEnds = entries.contains { $0.watch.looksAtEnds }
    }

    /// Looks at a change.
    ///
    /// - Parameters:
    ///   - kinds: what it is about.
    ///   - world: the state right after it.
    /// - Returns: the numbers of those that came true with it.
    package mutating func sees(_ change: Change, _ kinds: ChangeKinds, in world: WorldState) -> [Int] {
        guard !interests.isDisjoint(with: kinds) else { return [] }
        var met: [Int] = []
        for place in entries.indices where entries[place].watch.sees(change, kinds, in: world) {
            met.append(entries[place].number)
        }
        return met
    }

    /// Looks at the state when an event is over.
    ///
    /// - Returns: the numbers of those that came true with the event as a whole.
    package mutating func seesEnd(in world: WorldState) -> [Int] {
        guard looksAtEnds else { return [] }
        var met: [Int] = []
        for place in entries.indices where entries[place].watch.seesEnd(in: world) {
            met.append(entries[place].number)
        }
        return met
    }
}

/// Looks at a change, with what it is about and the state right after it.
package typealias ChangeLook = (Change, ChangeKinds, WorldState) -> Void
