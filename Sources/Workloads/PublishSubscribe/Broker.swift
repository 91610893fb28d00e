import NIOCore
public import PeerNetworking

/// Hands what is published on a topic to those that have subscribed to it.
///
/// A subscription lasts as long as its connection; nothing is kept for those that are away. What a subscriber does not take
/// in time holds up its publishers, unless it is published unreliably: then it is dropped for that subscriber alone.
public struct Broker: Workload {
    /// Its name in lab files.
    public static let name = "publish-subscribe"
    /// It listens.
    public static let role = WorkloadRole.listens

    /// Makes a broker; it has no parameters.
    public init(_ parameters: NoParameters = NoParameters()) {}

    /// It tells nothing of itself.
    public var tale: WorkloadTale { .nothing }

    /// Serves until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run(_ peer: PeerContext) async throws(NetworkError) {
        let subscriptions = Subscriptions(executor: peer.providers.tasks.executor)
        let server = PeerServer(name: peer.name, on: peer.local, config: peer.config, providers: peer.providers) {
            message, session in
            await subscriptions.take(message, from: session)
        }
        try await server.run()
    }
}

/// Who wants what.
private actor Subscriptions {
    nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var subscribers: [(topic: String, session: Peer)] = []

    init(executor: any SerialExecutor) {
        self.executor = executor
    }

    func take(_ message: Message, from session: Peer) async {
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
