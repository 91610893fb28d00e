public import PeerNetworking

/// An application and its parameters. Times in nanoseconds, sizes in bytes.
public enum WorkloadDefinition: Hashable, Sendable {
    /// Answers every message with itself (`echo`); listens.
    case echo
    /// Sends messages and waits for their answers (`ping-pong`); connects.
    case pingPong(MessageLoad)
    /// Sends messages as fast as the queue admits them (`flood`), never waiting for answers; connects.
    case flood(MessageLoad)
    /// Takes messages and answers none (`sink`); listens.
    case sink
    /// Sends a stream of bytes with a checksum at its end over a connection of its own (`bulk`, with `bytes`); connects.
    case bulkSend(bytes: UInt64)
    /// Receives such streams and checks them (`bulk`, without parameters); listens.
    case bulkReceive
    /// Answers requests, each after a time (`request-response`); listens.
    case answers(takes: Int64)
    /// Sends requests and waits for each response (`request-response`); connects.
    case requests(RequestLoad)
    /// Hands what is published to those that have subscribed (`publish-subscribe`); listens.
    case broker
    /// Publishes messages on a topic (`publish-subscribe`, with `publish`); connects.
    case publish(topic: String, MessageLoad)
    /// Subscribes to topics and checks what comes (`publish-subscribe`, with `subscribe`), until it has so many; connects.
    case subscribe(topics: [String], count: UInt64)
    /// Hands out jobs, each for a time (`work-queue`); listens.
    case jobs(UInt64, lease: Int64)
    /// Does jobs, each of which takes a time (`work-queue`); connects.
    case worker(takes: Int64)
    /// Tells all others of its kind in the lab that it lives, and reckons which of them do (`heartbeat-mesh`); listens, and
    /// connects to all of them.
    case mesh(every: Int64, suspectAfter: Int64)

    /// The name in lab files.
    public var name: String {
        switch self {
        case .echo: "echo"
        case .pingPong: "ping-pong"
        case .flood: "flood"
        case .sink: "sink"
        case .bulkSend, .bulkReceive: "bulk"
        case .answers, .requests: "request-response"
        case .broker, .publish, .subscribe: "publish-subscribe"
        case .jobs, .worker: "work-queue"
        case .mesh: "heartbeat-mesh"
        }
    }

    /// What the other side runs, where it connects to one and gets what it wants there.
    var otherSides: [String] {
        switch self {
        case .pingPong: ["echo"]
        case .flood: ["echo", "sink"]
        case .bulkSend, .requests, .publish, .subscribe, .worker: [name]
        case .echo, .sink, .bulkReceive, .answers, .broker, .jobs, .mesh: []
        }
    }

    /// Whether it has a port of its own; it connects to one otherwise.
    var listens: Bool {
        switch self {
        case .echo, .sink, .bulkReceive, .answers, .broker, .jobs, .mesh: true
        case .pingPong, .flood, .bulkSend, .requests, .publish, .subscribe, .worker: false
        }
    }
}

/// The messages that an application sends.
public struct MessageLoad: Hashable, Sendable {
    /// The time between two, in nanoseconds; 0 for as fast as the queue admits them.
    public var every: Int64
    /// Bytes of each.
    public var size: Int
    /// How many; 0 for no end.
    public var count: UInt64
    /// What is wanted of their delivery.
    public var delivery: Delivery

    /// Reliable ones of 64 bytes without end, or as given.
    public init(every: Int64, size: Int = 64, count: UInt64 = 0, delivery: Delivery = .reliable) {
        self.every = every
        self.size = size
        self.count = count
        self.delivery = delivery
    }
}

/// The requests that an application sends.
public struct RequestLoad: Hashable, Sendable {
    /// The time between two of one of those that ask, in nanoseconds; 0 for the next one at once.
    public var every: Int64 = 100_000_000
    /// Bytes of each.
    public var size = 64
    /// How many; 0 for no end.
    public var count: UInt64 = 0
    /// How many ask at a time.
    public var parallel = 1
    /// How long an attempt may take, in nanoseconds.
    public var timeout: Int64 = 1_000_000_000
    /// Attempts after the first.
    public var retries = 3
    /// How many connections there are, and which one a request takes.
    public var pool = ConnectionPool()

    /// One every 100 ms, of 64 bytes, without end.
    public init() {}
}
