/// Takes a message of a peer; the session answers through it. While it runs, that peer's next message waits.
public typealias MessageHandler = @Sendable (_ message: Message, _ session: isolated Peer) async -> Void

/// Takes a message of a peer in the turn in which it has come, and answers with ``Peer/offer(_:delivery:)``: it waits for
/// nothing, which saves the task switches that waiting may cost.
///
/// It is asked first while no message waits before this one. A message that it does not take goes where it would go
/// without it: to the ``MessageHandler``, or to ``Peer/receive()``. It must have answered nothing then: an answer carries
/// the confirmation of what it answers.
///
/// - Returns: whether it has dealt with the message.
public typealias ArrivalHandler = @Sendable (_ message: Message, _ session: isolated Peer) -> Bool

/// Who takes a peer's messages.
struct MessageHandlers: Sendable {
    var onMessage: MessageHandler?
    var onArrival: ArrivalHandler?
}
