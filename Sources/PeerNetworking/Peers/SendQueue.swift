import Bug
import DequeModule
import NIOCore

/// The messages that a peer holds: those that wait to be sent, and the reliable ones sent and not confirmed.
///
/// Two bounds: what it holds at most, which is its owner's, and what may be on the way, which is the other side's. It belongs
/// to one peer, and is never copied: it is asked with every message.
struct SendQueue: ~Copyable {
    /// All of a message but its payload: it is looked at often, and to copy a payload's reference each time would cost more
    /// than the look.
    private struct Head {
        var number: UInt64
        var delivery: Delivery
        var size: Int
        /// When it was admitted; kept where messages wait for others to be written with.
        var since: Instant

        /// Whether it is kept until it is confirmed.
        var isReliable: Bool { delivery.isKept }
    }

    /// So many messages, of so many bytes of payload together.
    struct Bound: Hashable {
        var messages: Int
        var bytes: Int

        static let none = Bound(messages: .max, bytes: .max)

        /// Whether a message of a size may follow others that are on the way; where none is, any may.
        @inline(__always)
        func admits(_ size: Int, after messages: Int, _ bytes: Int) -> Bool {
            messages == 0 || (messages < self.messages && bytes + size <= self.bytes)
        }
    }

    let capacity: Bound
    /// What the other side takes before it has confirmed any of it.
    var window = Bound.none
    /// In order: those on the way, then those that wait. They stay where they are: to move one costs more than to count.
    private var heads: Deque<Head> = []
    /// Of each head.
    private var payloads: Deque<ByteBuffer> = []
    /// Reliable ones sent and not confirmed.
    private var sent = 0
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
    var depth: Int32 { Int32(heads.count) }
    /// Those of them that wait to be sent.
    var waitingCount: Int { heads.count - sent }
    var hasWaiting: Bool { heads.count > sent }
    /// The oldest that waits: its number, and when it was admitted.
    var firstWaiting: (number: UInt64, since: Instant)? {
        hasWaiting ? (heads[sent].number, heads[sent].since) : nil
    }

    /// Whether it can take a message of a size; an empty one takes any.
    @inline(__always)
    func hasRoom(for size: Int) -> Bool {
        heads.count < capacity.messages && (bytes + size <= capacity.bytes || heads.isEmpty)
    }

    /// Whether a message waits that may be sent now.
    var isReady: Bool { hasWaiting && mayLeave(isReliable: heads[sent].isReliable, size: heads[sent].size) }

    /// Whether the other side takes a message now; when nothing is on the way it takes any.
    @inline(__always)
    func mayLeave(isReliable: Bool, size: Int) -> Bool {
        !isReliable || window.admits(size, after: sent, unconfirmedBytes)
    }

    @inline(__always)
    mutating func append(_ number: UInt64, _ delivery: Delivery, _ payload: ByteBuffer, since: Instant = .zero) {
        insist(hasRoom(for: payload.readableBytes), "a message was admitted to a full queue")
        hold(number, delivery, payload, since)
    }

    @inline(__always)
    private mutating func hold(_ number: UInt64, _ delivery: Delivery, _ payload: ByteBuffer, _ since: Instant) {
        let size = payload.readableBytes
        bytes += size
        heads.append(Head(number: number, delivery: delivery, size: size, since: since))
        payloads.append(payload)
    }

    /// How many of those that wait may leave one after another, and their bytes.
    ///
    /// - Parameters:
    ///   - most: messages, at most.
    ///   - bytes: of payload, at which it ends.
    ///   - largest: no payload is larger.
    @inline(__always)
    func leaving(most: Int, bytes: Int, largest: Int) -> (count: Int, bytes: Int) {
        var leaving = (count: 0, bytes: 0)
        var (sent, unconfirmedBytes) = (sent, unconfirmedBytes)
        while leaving.count < most, leaving.bytes < bytes, self.sent + leaving.count < heads.count {
            let head = heads[self.sent + leaving.count]
            guard head.size <= largest else { break }
            if head.isReliable {
                guard window.admits(head.size, after: sent, unconfirmedBytes) else { break }
                sent += 1
                unconfirmedBytes += head.size
            }
            leaving = (leaving.count + 1, leaving.bytes + head.size)
        }
        return leaving
    }

    /// Takes the oldest waiting message for the connection; a reliable one is kept until it is confirmed.
    ///
    /// - Parameter use: gets the message's payload in place, where one may leave.
    /// - Returns: the message's number, delivery and bytes of payload, or nil where none may leave.
    @inline(__always)
    mutating func takeNext(
        _ use: (_ number: UInt64, _ delivery: Delivery, _ payload: inout ByteBuffer) -> Void
    ) -> (number: UInt64, delivery: Delivery, size: Int)? {
        guard isReady else { return nil }
        let head = heads[sent]
        use(head.number, head.delivery, &payloads[sent])
        if head.isReliable {
            sent += 1
            unconfirmedBytes += head.size
        } else {
            bytes -= head.size
            heads.remove(at: sent)
            payloads.remove(at: sent)
        }
        return (head.number, head.delivery, head.size)
    }

    /// Counts a message as sent that never waited.
    mutating func sentAtOnce(_ number: UInt64, _ delivery: Delivery, _ payload: ByteBuffer) {
        guard delivery.isKept else { return }
        insist(!hasWaiting, "a message passed others that wait")
        hold(number, delivery, payload, .zero)
        sent += 1
        unconfirmedBytes += payload.readableBytes
    }

    /// Forgets the reliable messages up to a number.
    ///
    /// - Returns: the highest that there was: whatever the other side claims, no more is confirmed than was sent.
    mutating func confirm(upTo number: UInt64) -> UInt64? {
        var count = 0
        while count < sent, heads[count].number <= number {
            bytes -= heads[count].size
            unconfirmedBytes -= heads[count].size
            count += 1
        }
        guard count > 0 else { return nil }
        let highest = heads[count - 1].number
        sent -= count
        heads.removeFirst(count)
        payloads.removeFirst(count)
        return highest
    }

    /// The connection is lost: unconfirmed messages wait again, unreliable ones are dropped.
    ///
    /// - Returns: the numbers requeued and those dropped, in order.
    mutating func connectionLost() -> (requeued: [UInt64], dropped: [UInt64]) {
        let requeued = unconfirmed
        sent = 0
        unconfirmedBytes = 0
        return (requeued, discard { !$0.isReliable })
    }

    /// Gives up what waits and is larger than the other side takes; returns its numbers, in order.
    mutating func discard(largerThan limit: Int) -> [UInt64] {
        insist(sent == 0, "what is on the way cannot be taken back")
        return discard { $0.size > limit }
    }

    /// Looks at all: for when none is on the way.
    private mutating func discard(_ isGivenUp: (Head) -> Bool) -> [UInt64] {
        let givenUp = heads.filter(isGivenUp)
        guard !givenUp.isEmpty else { return [] }
        bytes -= givenUp.reduce(0) { $0 + $1.size }
        payloads = Deque(zip(heads, payloads).filter { head, _ in !isGivenUp(head) }.map(\.1))
        heads.removeAll(where: isGivenUp)
        return givenUp.map(\.number)
    }

    /// Gives everything up; returns the numbers of what was held, in order.
    mutating func discardAll() -> [UInt64] {
        let numbers = heads.map(\.number)
        heads = []
        payloads = []
        sent = 0
        bytes = 0
        unconfirmedBytes = 0
        return numbers
    }

    /// Looks whether it has passed a water mark.
    ///
    /// - Returns: whether ``isPressed`` has changed.
    @inline(__always)
    mutating func passedMark() -> Bool {
        if isPressed {
            guard heads.count <= low.messages, bytes <= low.bytes else { return false }
        } else {
            guard heads.count >= high.messages || bytes >= high.bytes else { return false }
        }
        isPressed.toggle()
        return true
    }

    /// The numbers of those on the way, and of those that wait.
    var unconfirmed: [UInt64] { heads.prefix(sent).map(\.number) }
    var waiting: [UInt64] { heads.dropFirst(sent).map(\.number) }

    func checkInvariants() {
        insist(heads.count <= capacity.messages, "the send queue is over its bound")
        insist(bytes <= capacity.bytes || heads.count == 1, "the send queue is over its bound of bytes")
        insist(heads.map(\.size) == payloads.map(\.readableBytes), "a payload has another's head")
        insist(bytes == heads.reduce(0) { $0 + $1.size }, "bytes are miscounted")
        insist(
            unconfirmedBytes == heads.prefix(sent).reduce(0) { $0 + $1.size }, "bytes on the way are miscounted")
        insist(heads.prefix(sent).allSatisfy(\.isReliable), "an unreliable message is waited for")
    }
}
