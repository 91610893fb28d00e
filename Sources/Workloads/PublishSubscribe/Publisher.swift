import NIOCore
import PeerNetworking

/// Publishes messages on a topic at each interval.
struct Publisher: Sendable {
    let topic: String
    /// The time between two messages; more than 0.
    let interval: Duration
    /// Bytes in a message.
    let size: Int
    /// How many messages; 0 for no end.
    let count: UInt64
    /// What it wants of their delivery.
    let delivery: Delivery

    /// Runs until all is published and the broker has it, or the peer gives up.
    func run(_ context: PeerContext) async {
        let providers = context.providers
        let number = context.register()
        let peer = Peer(name: context.name, to: context.remote, config: context.config, providers: providers)
        await peer.connect()
        var message = TopicMessage(kind: .publish, topic: topic)
        message.publisher = providers.random.next("publisher", for: context.name)
        var published: UInt64 = 0
        while count == 0 || message.place < count {
            message.place += 1
            message.body = ByteBuffer(repeating: UInt8(truncatingIfNeeded: message.place), count: size)
            do throws(NetworkError) {
                try await peer.send(message.encoded(), delivery: delivery)
                published += 1
                providers.observer.note(.progress(done: published, of: count), of: number)
            } catch {
                guard error.code == .queueFull || error.code == .circuitOpen else { break }
            }
            if (try? await providers.time.sleep(for: interval)) == nil { return }
        }
        let lost = await peer.close()
        if count > 0, message.place == count { providers.observer.note(.finished(correct: lost == 0), of: number) }
    }
}
