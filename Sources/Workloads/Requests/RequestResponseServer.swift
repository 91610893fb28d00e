import NIOCore
public import PeerNetworking

/// A server that answers each request with the checksum of its bytes, after a time that stands for work.
public struct RequestResponseServer: Workload {
    /// What a lab file may say.
    public struct Parameters: WorkloadParameters {
        /// How long a request takes to carry out.
        public var takes = TimeSpan.zero

        /// No time.
        public init() {}
    }

    /// Its name in lab files.
    public static let name = "request-response"
    /// It listens.
    public static let role = WorkloadRole.listens

    /// Its parameters.
    public let parameters: Parameters

    /// Makes a server.
    public init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    /// It tells nothing of itself.
    public var tale: WorkloadTale { .nothing }

    /// Serves until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run(_ peer: PeerContext) async throws(NetworkError) {
        let (takes, time) = (parameters.takes.duration, peer.providers.time)
        let server = RequestServer(name: peer.name, on: peer.local, config: peer.config, providers: peer.providers) {
            (body: ByteBuffer) async throws(RequestFailure) -> ByteBuffer in
            if takes > .zero, (try? await time.sleep(for: takes)) == nil { throw RequestFailure("cancelled") }
            return RequestResponseServer.response(to: body)
        }
        try await server.run()
    }

    /// What the response to a request must be.
    static func response(to body: ByteBuffer) -> ByteBuffer {
        var checksum = StreamChecksum()
        checksum.update(body)
        return ByteBuffer(integer: checksum.value)
    }
}
