import NIOCore
import PeerNetworking

/// Subscribes to topics, and checks that what each publisher says comes in its order and as it was said.
struct Subscriber: Sendable {
    let topics: [String]
    /// How many messages it waits for; 0 for no end.
    let count: UInt64

    /// Runs until it has as many messages as it waits for, or the peer gives up.
    func run(_ context: PeerContext) async {
        let providers = context.providers
        let number = context.register()
        let reader = TopicReader(providers, number, topics: topics, count: count)
        let peer = Peer(name: context.name, to: context.remote, config: context.config, providers: providers) {
            message, _ in
            await reader.take(message.payload)
        }
        let (events, topics) = (await peer.events(), topics)
        let subscribing = providers.tasks.start("\(context.name) subscriptions") {
            // A subscription ends with its connection: each new one wants its own.
            for await event in events where event == .state(.connected, nil) {
                for topic in topics {
                    _ = try? await peer.send(TopicMessage(kind: .subscribe, topic: topic).encoded())
                }
            }
        }
        await peer.connect()
        let hasAll = await reader.waitForAll()
        await peer.close()
        subscribing.cancel()
        if hasAll { providers.observer.note(.finished(correct: await reader.isCorrect), of: number) }
    }
}
