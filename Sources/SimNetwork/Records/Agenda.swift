/// What is to happen at times of its own: waits of tasks, scheduled actions, chaos.
///
/// Segments are on the wire, and the timers of connections at their ends: those are pending there.
public struct Agenda: Hashable, Sendable {
    /// Something that is to happen.
    public struct Entry: Placed {
        /// Its place among all that is pending: of what has the same time, the lesser comes first.
        public let place: UInt64
        /// When, in nanoseconds.
        public let due: Int64
        /// The event that set it.
        public let cause: Int
        /// What.
        public let what: What
        /// ``place``.
        public var listPlace: UInt64 { place }
    }

    /// What is to happen.
    public enum What: Hashable, Sendable {
        /// A task goes on: by the number of its name.
        case task(ProcessID, Int32)
        /// An action is carried out.
        case action(Action)
        /// Chaos strikes with a family.
        case episode(FaultFamily)
    }

    /// What is pending, in the order of places.
    public private(set) var entries = GapList<Entry>()

    mutating func add(_ entry: Entry) { entries.append(entry) }

    /// Takes away what has a place, if it is here.
    mutating func remove(_ place: UInt64) { entries.remove(place) }
}
