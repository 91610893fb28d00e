import Synchronization

/// Counts tokens that are alive: a task that holds one and never ends is seen.
final class LiveCount: Sendable {
    private let tokens = Atomic<Int>(0)
    var count: Int { tokens.load(ordering: .sequentiallyConsistent) }

    final class Token: Sendable {
        private let owner: LiveCount
        init(_ owner: LiveCount) {
            self.owner = owner
            owner.tokens.add(1, ordering: .sequentiallyConsistent)
        }
        deinit { owner.tokens.subtract(1, ordering: .sequentiallyConsistent) }
    }
}
