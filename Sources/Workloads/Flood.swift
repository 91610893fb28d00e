public import PeerNetworking

/// A client that sends messages as fast as its queue admits them, and never waits for an answer.
public struct Flood: Workload {
    /// What a lab file may say.
    public struct Parameters: WorkloadParameters {
        /// The time between two messages; 0 for as fast as the queue admits them.
        public var every = TimeSpan.zero
        /// Bytes in a message; 8 at least are sent: its number comes first.
        public var size: MessageSize = 64
        /// How many messages it sends; 0 for no end.
        public var count: UInt64 = 0
        /// What it wants of the messages' delivery.
        public var delivery = Delivery.reliable

        /// Messages of 64 bytes one after the other, without end.
        public init() {}
    }

    /// Its name in lab files.
    public static let name = "flood"
    /// It connects.
    public static let role = WorkloadRole.connects
    /// Those that take its messages.
    public static let otherSides = [Echo.name, Sink.name]

    /// Its parameters.
    public let parameters: Parameters

    /// Makes a client.
    public init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    /// The size of its messages.
    public var largestMessage: Int? { parameters.size.bytes }

    /// It counts its answers, and ends where it has a count.
    public var tale: WorkloadTale { .of(count: parameters.count) }

    /// Runs until all messages are sent, or the peer gives up.
    public func run(_ peer: PeerContext) async {
        let (every, size) = (parameters.every.duration, parameters.size.bytes)
        await MessageSender(
            interval: every, size: size, count: parameters.count, delivery: parameters.delivery, awaitsAnswers: false
        ).run(peer)
    }
}
