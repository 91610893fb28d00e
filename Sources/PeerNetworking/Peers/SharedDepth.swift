import Synchronization

/// How many messages the sessions of a server hold together.
final class SharedDepth: Sendable {
    private let count = Atomic<Int>(0)

    var current: Int32 { Int32(count.load(ordering: .relaxed)) }

    func add(_ change: Int) -> Int32 {
        Int32(count.wrappingAdd(change, ordering: .relaxed).newValue)
    }
}
