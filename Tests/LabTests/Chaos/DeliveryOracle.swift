import PeerNetworking
import SimNetwork

/// Judges what became of the messages of one sender to one server, by what the two tell.
///
/// Lives matter: a process that was started anew numbers its messages from 1 under another origin, and a server that was
/// knows nothing of what the one before has handed over.
struct DeliveryOracle {
    let delivery: Delivery
    let sender: String
    let receiver: String
    let capacity: Int32
    /// What was wrong, as it was found.
    private(set) var violations: [String] = []

    /// What the receiver was given of one life of the sender.
    private struct Given {
        /// The highest number, in this life of the receiver and in all.
        var highestHere: UInt64 = 0
        var highest: UInt64 = 0
    }

    /// Of the lives that may still be heard of; looked up, never iterated over.
    private var given: [UInt64: Given] = [:]
    /// The origins, in the order in which they were heard of first.
    private var origins: [UInt64] = []
    private var acknowledged: UInt64 = 0
    /// Bytes of each message of this life of the sender.
    private var sizes: [UInt64: Int32] = [:]
    private(set) var deliveries = 0
    private(set) var confirmations = 0

    init(_ delivery: Delivery, from sender: String, to receiver: String, capacity: Int32 = 64) {
        self.delivery = delivery
        self.sender = sender
        self.receiver = receiver
        self.capacity = capacity
    }

    /// A process of the lab has begun a life.
    mutating func begins(_ peer: String) {
        if peer == sender {
            acknowledged = 0
            sizes = [:]
        }
        if peer == receiver { for origin in origins { given[origin]?.highestHere = 0 } }
    }

    /// Takes in what a peer tells.
    mutating func hear(_ event: PeerEvent, of peer: String) {
        if peer == sender { hearSender(event) }
        if peer == receiver, case .delivered(let number, let origin, let bytes) = event {
            deliver(number, of: origin, bytes)
        }
    }

    private mutating func hearSender(_ event: PeerEvent) {
        switch event {
        case .queued(let number, let bytes, _, let depth):
            sizes[number] = bytes
            if depth > capacity { violations.append("\(sender) holds \(depth) messages, its queue \(capacity)") }
        case .acknowledged(let number, _):
            confirmations += 1
            acknowledged = max(acknowledged, number)
            // Of whichever life: one that was heard of late may be an earlier one's.
            guard delivery != .unreliable, !origins.contains(where: { given[$0]?.highest ?? 0 >= number }) else {
                return
            }
            violations.append("\(sender): message \(number) is confirmed, and \(receiver) was not given it")
        default: break
        }
    }

    private mutating func deliver(_ number: UInt64, of origin: UInt64, _ bytes: Int32) {
        deliveries += 1
        if given[origin] == nil {
            given[origin] = Given()
            origins.append(origin)
        }
        guard var known = given[origin] else { return }
        defer { given[origin] = known }
        let isNewest = origins.last == origin
        if isNewest, let size = sizes[number], size != bytes {
            violations.append("\(receiver): message \(number) has \(bytes) bytes, and \(size) were sent")
        }
        let place = "\(receiver): message \(number) of \(sender) after \(known.highest)"
        switch delivery {
        case .unreliable:
            if number <= known.highest { violations.append("\(place): twice, or out of order") }
        case .reliable:
            // It may come again; it leaves none out.
            if number > known.highest + 1 { violations.append("\(place): some are missing") }
        case .exactlyOnce:
            if number <= known.highestHere { violations.append("\(place): twice, or out of order") }
            if number > known.highest + 1 { violations.append("\(place): some are missing") }
        }
        known.highestHere = max(known.highestHere, number)
        known.highest = max(known.highest, number)
    }
}
