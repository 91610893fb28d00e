import NIOCore
import PeerNetworking

/// Sends a stream of bytes over a connection of its own, and has the far end check it.
///
/// The stream: its length (8 bytes), the bytes, their checksum (8 bytes: FNV-1a, 64 bits). The far end answers with the
/// checksum that it computed and closes.
public struct BulkSender: Workload {
    /// What a lab file may say.
    public struct Parameters: WorkloadParameters {
        /// How many bytes it sends; must be given.
        public var bytes: ByteCount?

        /// None given yet.
        public init() {}
    }

    /// Its name in lab files.
    public static let name = "bulk"
    /// It connects.
    public static let role = WorkloadRole.connects

    /// Its parameters.
    public let parameters: Parameters
    private let bytes: UInt64

    /// Makes a sender of a stream of so many bytes.
    public init(bytes: UInt64) {
        parameters = .with { $0.bytes = ByteCount(bytes: bytes) }
        self.bytes = bytes
    }

    /// Makes a sender.
    ///
    /// - Throws: ``Refusal`` without `bytes`.
    public init(_ parameters: Parameters) throws(Refusal) {
        guard let bytes = parameters.bytes else {
            throw Refusal(
                "bulk without 'bytes' listens and has no 'connect'; to send, write {bulk: {bytes: 4 MiB}}",
                at: .endpoint)
        }
        self.init(bytes: bytes.bytes)
    }

    /// It counts its bytes, and ends with them.
    public var tale: WorkloadTale { WorkloadTale(countsTo: bytes, finishes: true) }

    /// Sends the stream once; a failed connection ends it without success.
    public func run(_ peer: PeerContext) async {
        let providers = peer.providers
        let number = providers.observer.register(peer.name, queueCapacity: 1)
        providers.observer.note(.state(.connecting, nil), of: number)
        do {
            let stream = try await providers.network.connect(to: peer.remote)
            providers.observer.note(.attached(stream.connection), of: number)
            providers.observer.note(.state(.connected, nil), of: number)
            let correct = try await send(over: stream, providers, number)
            await stream.close()
            providers.observer.note(.finished(correct: correct), of: number)
            providers.observer.note(.state(.closed, nil), of: number)
        } catch {
            guard error.code != .cancelled else { return }
            providers.observer.note(.finished(correct: false), of: number)
            providers.observer.note(.state(.failed, error.code), of: number)
        }
    }

    private func send(
        over stream: any ByteStream, _ providers: Providers, _ number: PeerNumber
    ) async throws(NetworkError) -> Bool {
        var checksum = StreamChecksum()
        var length = ByteBuffer()
        length.writeInteger(bytes)
        try await stream.write(length)
        var sent: UInt64 = 0
        while sent < bytes {
            let count = Int(min(bytes - sent, 16_384))
            var chunk = ByteBufferAllocator().buffer(capacity: count)
            for offset in 0..<count { chunk.writeInteger(BulkSender.byte(at: sent + UInt64(offset))) }
            checksum.update(chunk)
            try await stream.write(chunk)
            sent += UInt64(count)
            providers.observer.note(.progress(done: sent, of: bytes), of: number)
        }
        var trailer = ByteBuffer()
        trailer.writeInteger(checksum.value)
        try await stream.write(trailer)
        try await stream.shutdownWrite()
        var answer = ByteBuffer()
        while let part = try await stream.read(upTo: 8) { answer.writeImmutableBuffer(part) }
        return answer.readInteger(as: UInt64.self) == checksum.value
    }

    /// The stream's content: every byte follows from its place, so a hole or a swap changes the checksum.
    static func byte(at place: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: (place &* 0x9E37_79B9_7F4A_7C15) >> 56)
    }
}
