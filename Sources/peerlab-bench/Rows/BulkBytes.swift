import NIOCore
import PeerNetworking
import SimNetwork
import Synchronization

extension Benchmark {
    /// Bytes through one simulated TCP connection over a link without a limit, made at one end, checked at the other.
    static let bulkBytes = Benchmark("bulk_bytes", .bytesPerSecond) {
        let bulk = Bulk()
        let time = try seconds {
            let star = Star(clients: 1)
            bulk.receive(in: star)
            bulk.send(in: star)
            try star.simulation.run(until: Star.end)
        }
        return try bulk.rate(in: time)
    }
}

/// A stream of bytes from a client host to the server.
final class Bulk: Sendable {
    /// 64 MiB.
    static let bytes = 67_108_864

    private let taken = Atomic<Int>(0)
    private let sent = Atomic<UInt64>(0)
    private let received = Atomic<UInt64>(0)

    func send(in star: Star) {
        star.simulation.addProcess("sender", on: star.clients[0]) { [self] process in
            guard let stream = try? await process.network.connect(to: Star.endpoint) else { return }
            var source = Source()
            for _ in 0..<Bulk.bytes / Source.chunk {
                let chunk = source.next()
                if !stream.offer(chunk) {
                    guard (try? await stream.write(chunk)) != nil else { return }
                }
            }
            sent.store(source.checksum.value, ordering: .relaxed)
            await stream.close()
        }
    }

    func receive(in star: Star) {
        star.simulation.addProcess("receiver", on: star.server) { [self] process in
            guard let listener = try? await process.network.listen(on: Star.endpoint),
                let stream = try? await listener.accept()
            else { return }
            var checksum = Checksum()
            var pending = ByteBuffer()
            while let bytes = try? await stream.read(upTo: 65_536) {
                taken.wrappingAdd(bytes.readableBytes, ordering: .relaxed)
                if pending.readableBytes == 0 { pending = bytes } else { pending.writeImmutableBuffer(bytes) }
                checksum.takeWords(from: &pending)
            }
            received.store(checksum.value, ordering: .relaxed)
            await stream.close()
        }
    }

    /// The rate of a run in which all bytes came as they were made.
    func rate(in time: Double) throws -> Double {
        let count = taken.load(ordering: .relaxed)
        guard count == Bulk.bytes else { throw NotMeasured("\(count) of \(Bulk.bytes) bytes came") }
        guard received.load(ordering: .relaxed) == sent.load(ordering: .relaxed) else {
            throw NotMeasured("the bytes that came are not those that were sent")
        }
        return Double(count) / time
    }
}

/// Makes the bytes, the multiples of a constant, and their checksum.
private struct Source {
    static let chunk = 16_384

    private(set) var checksum = Checksum()
    private var word: UInt64 = 0

    mutating func next() -> ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: Self.chunk)
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.chunk) { raw in
            for offset in stride(from: 0, to: Self.chunk, by: 8) {
                word &+= 0x9E37_79B9_7F4A_7C15
                raw.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
                checksum.take(word)
            }
            return Self.chunk
        }
        return bytes
    }
}

/// FNV-1a by words of eight bytes, so that it does not take most of the time.
private struct Checksum {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func take(_ word: UInt64) { value = (value ^ word) &* 0x0000_0100_0000_01B3 }

    /// Takes the whole words; leaves the bytes of one whose rest has not come.
    mutating func takeWords(from bytes: inout ByteBuffer) {
        bytes.readWithUnsafeReadableBytes { raw in
            let count = raw.count / 8 * 8
            for offset in stride(from: 0, to: count, by: 8) {
                take(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            return count
        }
    }
}
