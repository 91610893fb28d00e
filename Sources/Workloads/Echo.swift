public import PeerNetworking

/// A server that answers every message with itself, or takes messages and answers none.
public struct Echo: Sendable {
    /// The peer's name.
    public var name: String
    /// Where it listens.
    public var local: Endpoint
    /// How its sessions are kept.
    public var config: PeerConfig
    /// Whether it answers; without, it is a sink.
    public var answers: Bool

    /// Makes an echo server.
    public init(name: String, local: Endpoint, config: PeerConfig, answers: Bool = true) {
        self.answers = answers
        self.name = name
        self.local = local
        self.config = config
    }

    /// Serves until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run(_ providers: Providers) async throws(NetworkError) {
        let answers = answers
        let server = PeerServer(name: name, on: local, config: config, providers: providers) { message, session in
            guard answers else { return }
            _ = try? await session.send(message.payload, delivery: message.delivery)
        } onArrival: { message, session in
            // Where there is no room, it is waited for.
            !answers || session.offer(message.payload, delivery: message.delivery) != nil
        }
        try await server.run()
    }
}
