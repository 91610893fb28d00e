import DequeModule
import Synchronization

/// What a server has handed to its application, by sender: a message that must arrive once is not handed over again when it
/// comes by another connection.
final class DeliveryRegister: Sendable {
    private struct State {
        /// The highest number of each sender; looked up, never iterated over.
        var highest: [UInt64: UInt64] = [:]
        /// The senders in the order in which they came.
        var senders: Deque<UInt64> = []
    }

    /// Senders that it knows at most; of those that came first it knows nothing any more.
    static let capacity = 65_536

    private let state = Mutex(State())

    /// Takes a message over to the application.
    ///
    /// - Returns: whether it has not been before.
    func claim(_ number: UInt64, of origin: UInt64) -> Bool {
        state.withLock { state in
            guard let highest = state.highest[origin] else {
                state.highest[origin] = number
                state.senders.append(origin)
                if state.senders.count > Self.capacity, let oldest = state.senders.popFirst() {
                    state.highest[oldest] = nil
                }
                return true
            }
            guard number > highest else { return false }
            state.highest[origin] = number
            return true
        }
    }
}
