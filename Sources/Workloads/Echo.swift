public import PeerNetworking

/// A server that answers every message with itself.
public struct Echo: Workload {
    /// Its name in lab files.
    public static let name = "echo"
    /// It listens.
    public static let role = WorkloadRole.listens

    /// Makes one; it has no parameters.
    public init(_ parameters: NoParameters = NoParameters()) {}

    /// It tells nothing of itself.
    public var tale: WorkloadTale { .nothing }

    /// Serves until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run(_ peer: PeerContext) async throws(NetworkError) {
        let server = PeerServer(name: peer.name, on: peer.local, config: peer.config, providers: peer.providers) {
            message, session in
            _ = try? await session.send(message.payload, delivery: message.delivery)
        } onArrival: { message, session in
            // Where there is no room, it is waited for.
            session.offer(message.payload, delivery: message.delivery) != nil
        }
        try await server.run()
    }
}
