package import SimNetwork

/// Where a run is to stop, whoever lets it go on.
package struct Breakpoint: Hashable, Sendable {
    /// What it stops at.
    package enum Target: Hashable, Sendable {
        /// A condition comes true.
        case condition(Condition)
        /// Something that the lab expects fails, or an invariant does.
        case failure
    }

    /// Its number, from 1: none is given twice in a session.
    package let number: Int
    /// What it stops at.
    package let target: Target
    /// Its words, as they were typed.
    package let text: String
    /// Whether it stops anything.
    package var isOn = true
}

/// Breakpoints, in the order in which they were made.
package struct Breakpoints: Hashable, Sendable {
    /// All that there are.
    package private(set) var all: [Breakpoint] = []
    private var made = 0

    /// Those that stop something.
    var on: [Breakpoint] { all.filter(\.isOn) }

    /// Adds one.
    ///
    /// - Returns: its number.
    mutating func add(_ target: Breakpoint.Target, _ text: String) -> Int {
        made += 1
        all.append(Breakpoint(number: made, target: target, text: text))
        return made
    }

    /// Switches those on or off that are meant.
    mutating func set(_ isOn: Bool, where isMeant: (Breakpoint) -> Bool) {
        for index in all.indices where isMeant(all[index]) { all[index].isOn = isOn }
    }

    /// Takes those away that are meant.
    mutating func remove(where isMeant: (Breakpoint) -> Bool) { all.removeAll(where: isMeant) }
}
