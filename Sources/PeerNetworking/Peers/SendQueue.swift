import DequeModule
import NIOCore

/// The messages that a peer holds: those that wait to be sent, and the reliable ones sent and not confirmed.
///
/// Two bounds: what it holds at most, which is its owner's, and what may be on the way, which is the other side's.
struct SendQueue {
    struct Entry {
        var number: UInt64
        var delivery: Delivery
        var payload: ByteBuffer
        /// When it was admitted; kept where messages wait for others to be written with.
        var since = Instant.zero

        /// Whether it is kept until it is confirmed.
        var isReliable: Bool { delivery.isKept }
        @inline(__always)
        var size: Int { payload.readableBytes }
    }

    /// So many messages, of so many bytes of payload together.
    struct Bound: Hashable {
        var messages: Int
        var bytes: Int

        static let none = Bound(messages: .max, bytes: .max)
    }

    let capacity: Bound
    /// What the other side takes before it has confirmed any of it.
    var window = Bound.none
    private(set) var waiting: Deque<Entry> = []
    private(set) var unconfirmed: Deque<Entry> = []
    /// Payload bytes held, and those of them that are on the way.
    private(set) var bytes = 0
    private(set) var unconfirmedBytes = 0

    /// Whether it has filled to its high mark and not emptied to its low one since.
    private(set) var isPressed = false
    private let high: Bound
    private let low: Bound

    /// - Parameter marks: the parts of the capacity at which it counts as filled, and as emptied again.
    init(capacity: Bound, marks: ClosedRange<Double> = 0.25...0.75) {
        self.capacity = capacity
        func part(_ fraction: Double) -> Bound {
            Bound(
                messages: Int(Double(capacity.messages) * fraction), bytes: Int(Double(capacity.bytes) * fraction))
        }
        high = Bound(
            messages: max(1, part(marks.upperBound).messages), bytes: max(1, part(marks.upperBound).bytes))
        // The lower mark is below the upper one, however small the queue: it would pass both with each message.
        low = Bound(
            messages: min(part(marks.lowerBound).messages, high.messages - 1),
            bytes: min(part(marks.lowerBound).bytes, high.bytes - 1))
    }

    /// Messages held.
    var depth: Int32 { Int32(waiting.count + unconfirmed.count) }

    /// Whether it can take a message of a size; an empty one takes any.
    @inline(__always)
    func hasRoom(for size: Int) -> Bool {
        let count = waiting.count + unconfirmed.count
        return count < capacity.messages && (bytes + size <= capacity.bytes || count == 0)
    }

    var hasWaiting: Bool { !waiting.isEmpty }

    /// Whether a message waits that may be sent now.
    var isReady: Bool {
        guard !waiting.isEmpty else { return false }
        return mayLeave(waiting[waiting.startIndex])
    }

    /// Whether the other side takes a message now; when nothing is on the way it takes any.
    @inline(__always)
    func mayLeave(_ entry: Entry) -> Bool {
        !entry.isReliable || unconfirmed.isEmpty
            || (unconfirmed.count < window.messages && unconfirmedBytes + entry.size <= window.bytes)
    }

    mutating func append(_ entry: Entry) {
        precondition(hasRoom(for: entry.size), "a message was admitted to a full queue")
        waiting.append(entry)
        bytes += entry.size
    }

    /// Takes the oldest waiting message for the connection; a reliable one is kept until it is confirmed.
    mutating func takeNext() -> Entry? {
        guard isReady, let entry = waiting.popFirst() else { return nil }
        if entry.isReliable { keep(entry) } else { bytes -= entry.size }
        return entry
    }

    /// Counts a message as sent that never waited.
    mutating func sentAtOnce(_ entry: Entry) {
        guard entry.isReliable else { return }
        bytes += entry.size
        keep(entry)
    }

    @inline(__always)
    private mutating func keep(_ entry: Entry) {
        unconfirmed.append(entry)
        unconfirmedBytes += entry.size
    }

    /// Forgets the reliable messages up to a number.
    ///
    /// - Returns: the highest that there was: whatever the other side claims, no more is confirmed than was sent.
    mutating func confirm(upTo number: UInt64) -> UInt64? {
        var highest: UInt64?
        // By its place: `first` is a copy of it.
        while !unconfirmed.isEmpty, unconfirmed[unconfirmed.startIndex].number <= number {
            let entry = unconfirmed.removeFirst()
            bytes -= entry.size
            unconfirmedBytes -= entry.size
            highest = entry.number
        }
        return highest
    }

    /// The connection is lost: unconfirmed messages go back to the head, unreliable ones are dropped.
    ///
    /// - Returns: the numbers requeued and those dropped, in order.
    mutating func connectionLost() -> (requeued: [UInt64], dropped: [UInt64]) {
        let dropped = discard { !$0.isReliable }
        let requeued = unconfirmed.map(\.number)
        waiting = unconfirmed + waiting
        unconfirmed = []
        unconfirmedBytes = 0
        return (requeued, dropped)
    }

    /// Gives up what waits and is larger than the other side takes; returns its numbers, in order.
    mutating func discard(largerThan limit: Int) -> [UInt64] {
        discard { $0.size > limit }
    }

    private mutating func discard(_ isGivenUp: (Entry) -> Bool) -> [UInt64] {
        let numbers = waiting.filter(isGivenUp).map(\.number)
        guard !numbers.isEmpty else { return [] }
        bytes -= waiting.reduce(0) { $0 + (isGivenUp($1) ? $1.size : 0) }
        waiting.removeAll(where: isGivenUp)
        return numbers
    }

    /// Gives everything up; returns the numbers of what was held, in order.
    mutating func discardAll() -> [UInt64] {
        let numbers = unconfirmed.map(\.number) + waiting.map(\.number)
        unconfirmed = []
        waiting = []
        bytes = 0
        unconfirmedBytes = 0
        return numbers
    }

    /// Looks whether it has passed a water mark.
    ///
    /// - Returns: whether ``isPressed`` has changed.
    @inline(__always)
    mutating func passedMark() -> Bool {
        let count = waiting.count + unconfirmed.count
        if isPressed {
            guard count <= low.messages, bytes <= low.bytes else { return false }
        } else {
            guard count >= high.messages || bytes >= high.bytes else { return false }
        }
        isPressed.toggle()
        return true
    }

    func checkInvariants() {
        let count = waiting.count + unconfirmed.count
        precondition(count <= capacity.messages, "the send queue is over its bound")
        precondition(bytes <= capacity.bytes || count == 1, "the send queue is over its bound of bytes")
        precondition(bytes == (Array(waiting) + Array(unconfirmed)).reduce(0) { $0 + $1.size }, "bytes are miscounted")
        precondition(unconfirmedBytes == unconfirmed.reduce(0) { $0 + $1.size }, "bytes on the way are miscounted")
    }
}
