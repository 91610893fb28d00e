public import PeerNetworking

/// Publishes on a topic, or subscribes to some: the side of publish-subscribe that connects.
public struct TopicClient: Workload {
    /// What a lab file may say; one of `publish` and `subscribe`.
    public struct Parameters: WorkloadParameters {
        /// The topic that it publishes on.
        public var publish: String?
        /// The topics that it subscribes to.
        public var subscribe: OneOrMore<String>?
        /// The time between two messages that it publishes; 100 ms unless given.
        public var every: TimeSpan?
        /// Bytes in a message that it publishes; 64 unless given.
        public var size: MessageSize?
        /// How many messages it publishes, or waits for; 0 for no end.
        public var count: UInt64 = 0
        /// What it wants of the delivery of what it publishes; reliable unless given.
        public var delivery: Delivery?

        /// Neither yet.
        public init() {}
    }

    /// Its name in lab files.
    public static let name = Broker.name
    /// It connects.
    public static let role = WorkloadRole.connects

    private enum Part {
        case publisher(Publisher)
        case subscriber(Subscriber)
    }

    /// Its parameters.
    public let parameters: Parameters
    private let part: Part

    /// Makes a publisher or a subscriber.
    ///
    /// - Throws: ``Refusal`` where it would be neither or both, where a topic has not 1…255 bytes, and where a subscriber has
    ///   what is a publisher's.
    public init(_ parameters: Parameters) throws(Refusal) {
        self.parameters = parameters
        switch (parameters.publish, parameters.subscribe) {
        case (let topic?, nil): part = .publisher(try Self.publisher(of: topic, parameters))
        case (nil, let topics?): part = .subscriber(try Self.subscriber(to: topics.all, parameters))
        case (nil, nil), (.some, .some):
            throw Refusal(
                "a publish-subscribe that connects has one of 'publish' and 'subscribe', as in {subscribe: news}")
        }
    }

    private static func publisher(of topic: String, _ parameters: Parameters) throws(Refusal) -> Publisher {
        guard isTopic(topic) else { throw Refusal([flaw(of: topic, at: ["publish"])]) }
        return Publisher(
            topic: topic, interval: (parameters.every ?? .milliseconds(100)).duration,
            size: (parameters.size ?? 64).bytes, count: parameters.count, delivery: parameters.delivery ?? .reliable)
    }

    private static func subscriber(to topics: [String], _ parameters: Parameters) throws(Refusal) -> Subscriber {
        let foreign = [
            ("every", parameters.every != nil), ("size", parameters.size != nil),
            ("delivery", parameters.delivery != nil),
        ].filter(\.1).map { Refusal.Problem(place: .key($0.0), words: "'\($0.0)' is for one that publishes") }
        let flaws = topics.enumerated().filter { !isTopic($0.element) }
            .map { flaw(of: $0.element, at: ["subscribe", "\($0.offset)"]) }
        guard foreign.isEmpty, flaws.isEmpty else { throw Refusal(foreign + flaws) }
        guard !topics.isEmpty else { throw Refusal("'subscribe' needs a topic", at: .value(["subscribe"])) }
        return Subscriber(topics: topics, count: parameters.count)
    }

    private static func isTopic(_ topic: String) -> Bool { (1...255).contains(topic.utf8.count) }

    private static func flaw(of topic: String, at path: [String]) -> Refusal.Problem {
        Refusal.Problem(place: .value(path), words: "a topic has 1 to 255 bytes, not \(topic.utf8.count)")
    }

    /// What it publishes, with the topic and all that the broker needs.
    public var largestMessage: Int? {
        switch part {
        case .publisher(let publisher): publisher.size + TopicMessage.headerLength + publisher.topic.utf8.count
        case .subscriber: nil
        }
    }

    /// It counts what it has published, or what has come: of that more may have come than it waits for.
    public var tale: WorkloadTale {
        switch part {
        case .publisher: .of(count: parameters.count)
        case .subscriber: .of(count: parameters.count, counting: .max)
        }
    }

    /// Runs until all is published, or as much has come as it waits for, or the peer gives up.
    public func run(_ peer: PeerContext) async {
        switch part {
        case .publisher(let publisher): await publisher.run(peer)
        case .subscriber(let subscriber): await subscriber.run(peer)
        }
    }
}
