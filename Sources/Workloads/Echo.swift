public import PeerNetworking

/// A server that answers every message with itself.
public struct Echo: Sendable {
    /// The peer's name.
    public var name: String
    /// Where it listens.
    public var local: Endpoint
    /// How its sessions are kept.
    public var config: PeerConfig

    /// Makes an echo server.
    public init(name: String, local: Endpoint, config: PeerConfig) {
        self.name = name
        self.local = local
        self.config = config
    }

    /// Serves until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run(_ providers: Providers) async throws(NetworkError) {
        let server = PeerServer(name: name, on: local, config: config, providers: providers) { message, session in
            _ = try? await session.send(message.payload, delivery: message.isReliable ? .reliable : .unreliable)
        }
        try await server.run()
    }
}

/// A server that takes messages and answers none.
public struct Sink: Sendable {
    /// The peer's name.
    public var name: String
    /// Where it listens.
    public var local: Endpoint
    /// How its sessions are kept.
    public var config: PeerConfig

    /// Makes a sink.
    public init(name: String, local: Endpoint, config: PeerConfig) {
        self.name = name
        self.local = local
        self.config = config
    }

    /// Serves until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run(_ providers: Providers) async throws(NetworkError) {
        let server = PeerServer(name: name, on: local, config: config, providers: providers) { _, _ in }
        try await server.run()
    }
}
