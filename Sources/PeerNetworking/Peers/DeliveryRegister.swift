import Synchronization

/// What a server has handed to its application, by sender: a message that must arrive once is not handed over again when it
/// comes by another connection.
final class DeliveryRegister: Sendable {
    /// The highest number of each sender, in two generations; looked up, never iterated over.
    private struct State {
        /// Senders that were heard of lately.
        var recent: [UInt64: UInt64] = [:]
        /// Those that were before; one that is heard of again moves up, and the others are forgotten in the end.
        var earlier: [UInt64: UInt64] = [:]
    }

    /// Senders that it knows at least, those heard of last; at most it knows twice as many.
    static let capacity = 32_768

    private let state = Mutex(State())

    /// Whether the application has been given a message, or one after it.
    func knows(_ number: UInt64, of origin: UInt64) -> Bool {
        state.withLock { number <= $0.recent[origin] ?? $0.earlier[origin] ?? 0 }
    }

    /// Takes a message over to the application.
    ///
    /// - Returns: whether it has not been before.
    @discardableResult
    func claim(_ number: UInt64, of origin: UInt64) -> Bool {
        state.withLock { state in
            let highest = state.recent[origin] ?? state.earlier[origin] ?? 0
            if state.recent[origin] == nil, state.recent.count == Self.capacity {
                state.earlier = state.recent
                state.recent = [:]
            }
            state.recent[origin] = max(highest, number)
            return number > highest
        }
    }
}
