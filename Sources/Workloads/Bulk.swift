import NIOCore
public import PeerNetworking

/// Sends a stream of bytes over a connection of its own, and has the far end check it.
///
/// The stream: its length (8 bytes), the bytes, their checksum (8 bytes: FNV-1a, 64 bits). The far end answers with the
/// checksum that it computed and closes.
public struct BulkSender: Sendable {
    /// The name it reports under.
    public var name: String
    /// Where the receiver listens.
    public var remote: Endpoint
    /// How many bytes it sends.
    public var bytes: UInt64

    /// Makes a sender.
    public init(name: String, remote: Endpoint, bytes: UInt64) {
        self.name = name
        self.remote = remote
        self.bytes = bytes
    }

    /// Sends the stream once; a failed connection ends it without success.
    public func run(_ providers: Providers) async {
        let number = providers.observer.register(name, queueCapacity: 1)
        providers.observer.note(.state(.connecting, nil), of: number)
        do {
            let stream = try await providers.network.connect(to: remote)
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

/// Receives the streams of ``BulkSender`` and checks them.
public struct BulkReceiver: Sendable {
    /// The name it reports under.
    public var name: String
    /// Where it listens.
    public var local: Endpoint

    /// Makes a receiver.
    public init(name: String, local: Endpoint) {
        self.name = name
        self.local = local
    }

    /// Serves one stream after the other until its process ends.
    ///
    /// - Throws: what listening and accepting throw.
    public func run(_ providers: Providers) async throws(NetworkError) {
        let number = providers.observer.register(name, queueCapacity: 1)
        let listener = try await providers.network.listen(on: local)
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

/// FNV-1a over a stream, 64 bits.
struct StreamChecksum {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func update(_ bytes: ByteBuffer) {
        var hash = value
        bytes.withUnsafeReadableBytes { raw in
            for byte in raw { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        value = hash
    }
}
