import Synchronization

/// How many messages the sessions of a server hold together.
final class SharedDepth: Sendable {
    private let count = Atomic<Int>(0)

    var current: Int32 { Int32(count.load(ordering: .relaxed)) }

    /// All sessions run on one executor, so a load and a store will do; one locked instruction costs more than both.
    func add(_ change: Int) -> Int32 {
        let depth = count.load(ordering: .relaxed) + change
        count.store(depth, ordering: .relaxed)
        return Int32(depth)
    }
}
