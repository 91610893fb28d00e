import NIOCore
public import PeerNetworking

/// Receives the streams of ``BulkSender`` and checks them.
public struct BulkReceiver: Workload {
    /// Its name in lab files.
    public static let name = "bulk"
    /// It listens.
    public static let role = WorkloadRole.listens

    /// Makes a receiver; it has no parameters.
    public init(_ parameters: NoParameters = NoParameters()) {}

    /// It counts the bytes of a stream, and tells of each whether it was right.
    public var tale: WorkloadTale { .anything }

    /// Serves one stream after the other until its process ends.
    ///
    /// - Throws: what listening and accepting throw.
    public func run(_ peer: PeerContext) async throws(NetworkError) {
        let providers = peer.providers
        let number = providers.observer.register(peer.name, queueCapacity: 1)
        let listener = try await providers.network.listen(on: peer.local)
        providers.observer.note(.state(.listening, nil), of: number)
        while true {
            let stream: any ByteStream = try await listener.accept()
            do {
                let correct = try await receive(from: stream, providers, number)
                providers.observer.note(.finished(correct: correct), of: number)
            } catch {
                if error.code == .cancelled { throw error }
                providers.observer.note(.finished(correct: false), of: number)
            }
            await stream.close()
        }
    }

    private func receive(
        from stream: any ByteStream, _ providers: Providers, _ number: PeerNumber
    ) async throws(NetworkError) -> Bool {
        var pending = ByteBuffer()
        while pending.readableBytes < 8 {
            guard let part = try await stream.read(upTo: 65_536) else { return false }
            pending.writeImmutableBuffer(part)
        }
        guard let length = pending.readInteger(as: UInt64.self) else { return false }
        var checksum = StreamChecksum()
        var taken: UInt64 = 0
        while taken < length {
            if pending.readableBytes == 0 {
                guard let part = try await stream.read(upTo: 65_536) else { return false }
                pending = part
            }
            let count = Int(min(UInt64(pending.readableBytes), length - taken))
            guard let chunk = pending.readSlice(length: count) else { return false }
            checksum.update(chunk)
            taken += UInt64(count)
            providers.observer.note(.progress(done: taken, of: length), of: number)
        }
        while let part = try await stream.read(upTo: 65_536) { pending.writeImmutableBuffer(part) }
        guard pending.readableBytes == 8, let claimed = pending.readInteger(as: UInt64.self) else { return false }
        var answer = ByteBuffer()
        answer.writeInteger(checksum.value)
        try await stream.write(answer)
        return claimed == checksum.value
    }
}
