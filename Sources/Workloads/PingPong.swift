public import PeerNetworking

/// A client that sends a message at each interval and counts the answers, whatever the connection does meanwhile.
public struct PingPong: Workload {
    /// What a lab file may say.
    public struct Parameters: WorkloadParameters {
        /// The time between two messages; 0 for as fast as the queue admits them.
        public var every = TimeSpan.milliseconds(100)
        /// Bytes in a message; 8 at least are sent: its number comes first.
        public var size: MessageSize = 64
        /// How many messages it sends; 0 for no end.
        public var count: UInt64 = 0
        /// What it wants of the messages' delivery. It waits for all answers at the end where they are reliable: only then
        /// is an answer that was lost with its connection made again.
        public var delivery = Delivery.reliable

        /// One message of 64 bytes every 100 ms, without end.
        public init() {}
    }

    /// Its name in lab files.
    public static let name = "ping-pong"
    /// It connects.
    public static let role = WorkloadRole.connects
    /// Those that take its messages.
    public static let otherSides = [Echo.name]

    /// Its parameters.
    public let parameters: Parameters

    /// Makes a client.
    public init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    /// The size of its messages.
    public var largestMessage: Int? { parameters.size.bytes }

    /// It counts its answers, and ends where it has a count.
    public var tale: WorkloadTale { .of(count: parameters.count) }

    /// Runs until all messages are sent and answered, or the peer gives up.
    public func run(_ peer: PeerContext) async {
        let (every, size) = (parameters.every.duration, parameters.size.bytes)
        await MessageSender(
            interval: every, size: size, count: parameters.count, delivery: parameters.delivery, awaitsAnswers: true
        ).run(peer)
    }
}
