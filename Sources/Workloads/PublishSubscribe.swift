import NIOCore
public import PeerNetworking

/// What publishers, subscribers and their broker say to each other.
///
/// In a peer's message: the kind (1 byte), the topic's length (2) and name, and for what is published its publisher's number
/// (8), its place among what that one has published (8), and the bytes.
private struct TopicMessage {
    enum Kind: UInt8 {
        case subscribe = 1
        case publish = 2
    }

    var kind: Kind
    var topic: String
    var publisher: UInt64 = 0
    var place: UInt64 = 0
    var body = ByteBuffer()

    func encoded() -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 19 + topic.utf8.count + body.readableBytes)
        buffer.writeMultipleIntegers(kind.rawValue, UInt16(topic.utf8.count))
        buffer.writeString(topic)
        if kind == .publish {
            buffer.writeMultipleIntegers(publisher, place)
            buffer.writeImmutableBuffer(body)
        }
        return buffer
    }

    init(kind: Kind, topic: String) {
        self.kind = kind
        self.topic = topic
    }

    init?(_ bytes: ByteBuffer) {
        var bytes = bytes
        guard let (code, length) = bytes.readMultipleIntegers(as: (UInt8, UInt16).self),
            let kind = Kind(rawValue: code), let topic = bytes.readString(length: Int(length))
        else { return nil }
        self.init(kind: kind, topic: topic)
        guard kind == .publish else { return }
        guard let (publisher, place) = bytes.readMultipleIntegers(as: (UInt64, UInt64).self) else { return nil }
        (self.publisher, self.place, body) = (publisher, place, bytes)
    }
}

/// Hands what is published on a topic to those that have subscribed to it.
///
/// A subscription lasts as long as its connection; nothing is kept for those that are away. What a subscriber does not take
/// in time holds up its publishers, unless it is published unreliably: then it is dropped for that subscriber alone.
public actor Broker {
    private let name: String
    private let local: Endpoint
    private let config: PeerConfig
    private let providers: Providers
    private nonisolated let executor: any SerialExecutor
    /// The executor of its process: calls from there do not hop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var subscribers: [(topic: String, session: Peer)] = []

    /// Makes a broker.
    public init(name: String, local: Endpoint, config: PeerConfig, providers: Providers) {
        self.name = name
        self.local = local
        self.config = config
        self.providers = providers
        executor = providers.tasks.executor
    }

    /// Serves until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run() async throws(NetworkError) {
        let broker = self
        let server = PeerServer(name: name, on: local, config: config, providers: providers) { message, session in
            await broker.take(message, from: session)
        }
        try await server.run()
    }

    private func take(_ message: Message, from session: Peer) async {
        guard let parts = TopicMessage(message.payload) else { return }
        switch parts.kind {
        case .subscribe:
            guard !subscribers.contains(where: { $0.topic == parts.topic && $0.session === session }) else { return }
            subscribers.append((parts.topic, session))
        case .publish:
            for subscriber in subscribers where subscriber.topic == parts.topic {
                do throws(NetworkError) {
                    try await subscriber.session.send(message.payload, delivery: message.delivery)
                } catch {
                    if error.code != .queueFull { subscribers.removeAll { $0.session === subscriber.session } }
                }
            }
        }
    }
}

/// Publishes messages on a topic at each interval.
public struct Publisher: Sendable {
    /// The peer's name.
    public var name: String
    /// Where the broker listens.
    public var remote: Endpoint
    /// How its connection is kept.
    public var config: PeerConfig
    /// What it publishes on.
    public var topic: String
    /// The time between two messages; more than 0.
    public var interval: Duration
    /// Bytes in a message.
    public var size: Int
    /// How many messages; 0 for no end.
    public var count: UInt64
    /// What it wants of their delivery.
    public var delivery: Delivery

    /// Makes a publisher.
    public init(
        name: String, remote: Endpoint, config: PeerConfig, topic: String, interval: Duration = .milliseconds(100),
        size: Int = 64, count: UInt64 = 0, delivery: Delivery = .reliable
    ) {
        self.name = name
        self.remote = remote
        self.config = config
        self.topic = topic
        self.interval = interval
        self.size = size
        self.count = count
        self.delivery = delivery
    }

    /// Runs until all is published and the broker has it, or the peer gives up.
    public func run(_ providers: Providers) async {
        let number = providers.observer.register(name, queueCapacity: config.queueCapacity)
        let peer = Peer(name: name, to: remote, config: config, providers: providers)
        await peer.connect()
        var message = TopicMessage(kind: .publish, topic: topic)
        message.publisher = providers.random.next("publisher", for: name)
        while count == 0 || message.place < count {
            message.place += 1
            message.body = ByteBuffer(repeating: UInt8(truncatingIfNeeded: message.place), count: size)
            do throws(NetworkError) {
                try await peer.send(message.encoded(), delivery: delivery)
            } catch {
                guard error.code == .queueFull || error.code == .circuitOpen else { break }
            }
            providers.observer.note(.progress(done: message.place, of: count), of: number)
            if (try? await providers.time.sleep(for: interval)) == nil { return }
        }
        let lost = await peer.close(flushingFor: .seconds(5))
        if count > 0, message.place == count { providers.observer.note(.finished(correct: lost == 0), of: number) }
    }
}

/// Subscribes to topics, and checks that what each publisher says comes in its order and as it was said.
public struct Subscriber: Sendable {
    /// The peer's name.
    public var name: String
    /// Where the broker listens.
    public var remote: Endpoint
    /// How its connection is kept.
    public var config: PeerConfig
    /// What it subscribes to.
    public var topics: [String]
    /// How many messages it waits for; 0 for no end.
    public var count: UInt64

    /// Makes a subscriber.
    public init(name: String, remote: Endpoint, config: PeerConfig, topics: [String], count: UInt64 = 0) {
        self.name = name
        self.remote = remote
        self.config = config
        self.topics = topics
        self.count = count
    }

    /// Runs until it has as many messages as it waits for, or the peer gives up.
    public func run(_ providers: Providers) async {
        let number = providers.observer.register(name, queueCapacity: config.queueCapacity)
        let reader = TopicReader(providers, number, topics: topics, count: count)
        let peer = Peer(name: name, to: remote, config: config, providers: providers) { message, _ in
            await reader.take(message.payload)
        }
        let (events, topics) = (await peer.events(), topics)
        let subscribing = providers.tasks.start("\(name) subscriptions") {
            // A subscription ends with its connection: each new one wants its own.
            for await event in events where event == .state(.connected, nil) {
                for topic in topics {
                    _ = try? await peer.send(TopicMessage(kind: .subscribe, topic: topic).encoded())
                }
            }
        }
        await peer.connect()
        let hasAll = await reader.waitForAll()
        await peer.close(flushingFor: .zero)
        subscribing.cancel()
        if hasAll { providers.observer.note(.finished(correct: await reader.isCorrect), of: number) }
    }
}

/// Checks what comes.
private actor TopicReader {
    nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let providers: Providers
    private let number: PeerNumber
    private let topics: [String]
    private let count: UInt64
    private let all: any Signal
    private var taken: UInt64 = 0
    private(set) var isCorrect = true
    /// The highest place of each publisher; looked up, never iterated over.
    private var places: [UInt64: UInt64] = [:]

    init(_ providers: Providers, _ number: PeerNumber, topics: [String], count: UInt64) {
        self.providers = providers
        self.number = number
        self.topics = topics
        self.count = count
        executor = providers.tasks.executor
        all = providers.tasks.makeSignal()
    }

    func take(_ bytes: ByteBuffer) {
        guard let message = TopicMessage(bytes), message.kind == .publish, topics.contains(message.topic) else {
            isCorrect = false
            return
        }
        let fill = UInt8(truncatingIfNeeded: message.place)
        if !message.body.readableBytesView.allSatisfy({ $0 == fill }) { isCorrect = false }
        let last = places[message.publisher] ?? 0
        // A publisher that lost its connection sends again what was not confirmed: once more, and in its order.
        guard message.place > last else { return }
        places[message.publisher] = message.place
        taken += 1
        providers.observer.note(.progress(done: taken, of: count), of: number)
        if taken == count { all.notify() }
    }

    /// - Returns: whether it has as many as it waits for.
    func waitForAll() async -> Bool {
        while count == 0 || taken < count { if (try? await all.wait()) == nil { return false } }
        return true
    }
}
