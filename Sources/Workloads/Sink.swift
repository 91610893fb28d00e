public import PeerNetworking

/// A server that takes messages and answers none.
public struct Sink: Workload {
    /// Its name in lab files.
    public static let name = "sink"
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
            _, _ in
        } onArrival: { _, _ in
            true
        }
        try await server.run()
    }
}
