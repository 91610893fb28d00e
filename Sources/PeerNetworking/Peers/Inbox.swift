import DequeModule
import NIOCore

/// Messages that have arrived and that the application has not taken.
struct Inbox {
    private(set) var messages: Deque<Message> = []
    /// Payload bytes of all of them.
    private(set) var bytes = 0
    /// Reliable ones, those included that were handed to the application and are not done with: the other side holds each
    /// until it is confirmed.
    private(set) var reliable = 0

    /// Whether any of them may be dropped: their bytes are none that the other side counts.
    var hasUnreliable: Bool { messages.contains { !$0.isReliable } }
    var isEmpty: Bool { messages.isEmpty }

    /// Whether a message of a size fits beside those that there are; an empty inbox takes any.
    func hasRoom(for size: Int, in bound: SendQueue.Bound) -> Bool {
        messages.isEmpty || (messages.count < bound.messages && bytes + size <= bound.bytes)
    }

    /// - Parameter isHeld: the other side holds it until it is confirmed, as reliable ones are.
    mutating func append(_ message: Message, isHeld: Bool) {
        if isHeld { reliable += 1 }
        bytes += message.payload.readableBytes
        messages.append(message)
    }

    mutating func popFirst() -> Message? {
        guard let message = messages.popFirst() else { return nil }
        bytes -= message.payload.readableBytes
        return message
    }

    /// The application has taken a reliable one.
    mutating func settled() {
        reliable -= 1
    }

    /// Gives everything up; returns what was there.
    mutating func discardAll() -> Deque<Message> {
        defer { self = Inbox() }
        return messages
    }
}
