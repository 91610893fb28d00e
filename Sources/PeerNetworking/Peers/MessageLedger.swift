import Bug
public import DequeModule

/// What has become of a message that a peer was given to send.
public enum MessageFate: Hashable, Sendable, CustomStringConvertible {
    /// It waits to be sent.
    case queued
    /// It was handed to the connection, and is not confirmed yet.
    case onTheWire
    /// Its connection was lost before it was confirmed; it waits to be sent again.
    case requeued
    /// The other side has confirmed that its application took it.
    case delivered
    /// Unreliable, and handed to a connection: nobody will say whether it arrived.
    case sent
    /// It will never be sent, or never again: why.
    case dropped(DropReason)

    /// The fate in words.
    public var description: String {
        switch self {
        case .queued: "queued"
        case .onTheWire: "handed to TCP"
        case .requeued: "requeued"
        case .delivered: "delivered"
        case .sent: "sent"
        case .dropped(let reason): "dropped: \(reason)"
        }
    }

    /// Whether nothing more will become of it.
    public var isSettled: Bool {
        switch self {
        case .queued, .onTheWire, .requeued: false
        case .delivered, .sent, .dropped: true
        }
    }
}

/// A message in a ledger.
public struct MessageRecord: Hashable, Sendable {
    /// Its number within its sender's life.
    public var number: UInt64
    /// What is wanted of its delivery.
    public var delivery: Delivery
    /// What has become of it.
    public var fate: MessageFate
    /// It was sent on more than one connection: the other side may have got it twice, and gives it to its application
    /// twice unless it must be delivered exactly once.
    public var wasRepeated = false
}

/// The fate of every message of one peer at every moment, kept by what the peer tells.
///
/// All that it holds, and the latest that are settled. The sessions of a server tell of their messages under one name;
/// each has a ledger of its own.
public struct MessageLedger: Hashable, Sendable {
    /// Messages that are not settled, oldest first.
    public private(set) var held: Deque<MessageRecord> = []
    /// Messages that are settled, in the order in which they were.
    public private(set) var settled: Deque<MessageRecord> = []
    private let capacity: Int

    /// Makes an empty ledger.
    ///
    /// - Parameter capacity: how many settled messages it remembers, 1 or more.
    public init(remembering capacity: Int = 1_024) {
        insist(capacity > 0, "a ledger that remembers \(capacity) messages")
        self.capacity = capacity
    }

    /// What is known of a message; nil where it was never admitted, or settled too long ago.
    public subscript(number: UInt64) -> MessageRecord? {
        if let index = place(of: number) { return held[index] }
        return settled.last { $0.number == number }
    }

    /// Takes in what the peer tells; what is not about its own messages changes nothing.
    public mutating func apply(_ event: PeerEvent) {
        switch event {
        case .queued(let number, _, let delivery, _):
            held.append(MessageRecord(number: number, delivery: delivery, fate: .queued))
        case .sent(let number, _, _):
            guard let index = place(of: number) else { return }
            if held[index].delivery.isKept {
                held[index].fate = .onTheWire
            } else {
                settle(at: index, .sent)
            }
        case .requeued(let number, _):
            guard let index = place(of: number) else { return }
            held[index].fate = .requeued
            held[index].wasRepeated = true
        case .acknowledged(let number, _):
            // Those before it that are unreliable are settled already; what waits to be sent is not confirmed.
            while let first = held.first, first.number <= number, first.fate == .onTheWire { settle(at: 0, .delivered) }
        case .dropped(let number, let reason, _):
            if let index = place(of: number) {
                settle(at: index, .dropped(reason))
            } else {
                // It was never admitted.
                remember(MessageRecord(number: number, delivery: .unreliable, fate: .dropped(reason)))
            }
        default:
            break
        }
    }

    private mutating func settle(at index: Int, _ fate: MessageFate) {
        var record = held.remove(at: index)
        record.fate = fate
        remember(record)
    }

    private mutating func remember(_ record: MessageRecord) {
        settled.append(record)
        if settled.count > capacity { settled.removeFirst() }
    }

    /// Messages are held in the order of their numbers.
    private func place(of number: UInt64) -> Int? {
        var (low, high) = (0, held.count)
        while low < high {
            let middle = (low + high) / 2
            if held[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < held.count && held[low].number == number ? low : nil
    }
}
