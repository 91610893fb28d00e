import DequeModule
import NIOCore

/// The messages that a peer holds: those that wait to be sent, and the reliable ones sent and not confirmed.
struct SendQueue {
    struct Entry {
        var number: UInt64
        var delivery: Delivery
        var payload: ByteBuffer

        /// Whether it is kept until it is confirmed.
        var isReliable: Bool { delivery.isKept }
    }

    let capacity: Int
    private(set) var waiting: Deque<Entry> = []
    private(set) var unconfirmed: Deque<Entry> = []

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Messages held.
    var depth: Int32 { Int32(waiting.count + unconfirmed.count) }
    var isFull: Bool { waiting.count + unconfirmed.count >= capacity }
    var hasWaiting: Bool { !waiting.isEmpty }

    mutating func append(_ entry: Entry) {
        precondition(!isFull, "a message was admitted to a full queue")
        waiting.append(entry)
    }

    /// Takes the oldest waiting message for the connection; a reliable one is kept until it is confirmed.
    mutating func takeNext() -> Entry? {
        guard let entry = waiting.popFirst() else { return nil }
        if entry.isReliable { unconfirmed.append(entry) }
        return entry
    }

    /// Counts a message as sent that never waited.
    mutating func sentAtOnce(_ entry: Entry) {
        if entry.isReliable { unconfirmed.append(entry) }
    }

    /// Forgets the reliable messages up to a number; returns whether there were any.
    mutating func confirm(upTo number: UInt64) -> Bool {
        var any = false
        // By its place: `first` is a copy of it.
        while !unconfirmed.isEmpty, unconfirmed[unconfirmed.startIndex].number <= number {
            unconfirmed.removeFirst()
            any = true
        }
        return any
    }

    /// The connection is lost: unconfirmed messages go back to the head, unreliable ones are dropped.
    ///
    /// - Returns: the numbers requeued and those dropped, in order.
    mutating func connectionLost() -> (requeued: [UInt64], dropped: [UInt64]) {
        let dropped = waiting.filter { !$0.isReliable }.map(\.number)
        let requeued = unconfirmed.map(\.number)
        waiting = unconfirmed + waiting.filter(\.isReliable)
        unconfirmed = []
        return (requeued, dropped)
    }

    /// Gives up what waits and is larger than the other side takes; returns its numbers, in order.
    mutating func discard(largerThan limit: Int) -> [UInt64] {
        let numbers = waiting.filter { $0.payload.readableBytes > limit }.map(\.number)
        if !numbers.isEmpty { waiting.removeAll { $0.payload.readableBytes > limit } }
        return numbers
    }

    /// Gives everything up; returns the numbers of what was held, in order.
    mutating func discardAll() -> [UInt64] {
        let numbers = unconfirmed.map(\.number) + waiting.map(\.number)
        unconfirmed = []
        waiting = []
        return numbers
    }

    func checkInvariants() {
        precondition(waiting.count + unconfirmed.count <= capacity, "the send queue is over its bound")
    }
}
