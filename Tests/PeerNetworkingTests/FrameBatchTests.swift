import NIOCore
import Testing

@testable import PeerNetworking

@Suite struct FrameBatchTests {
    private func message(_ number: UInt64, _ size: Int) -> ByteBuffer {
        ByteBuffer(repeating: UInt8(truncatingIfNeeded: number), count: size)
    }

    /// What is written is what the frames one by one would be, however small and large ones follow each other.
    @Test(arguments: [
        [0], [1, 2, 3], [5_000], [1, 5_000, 2], [5_000, 5_000], [2_048, 2_049, 0, 10_000, 64, 64, 3_000],
    ]) func theBytesAreThoseOfTheFrames(_ sizes: [Int]) {
        var batch = FrameBatch()
        var expected = Frame.ping(9).encoded()
        batch.append(expected)
        for (index, size) in sizes.enumerated() {
            let number = UInt64(index + 1)
            let payload = message(number, size)
            batch.append(number: number, acknowledges: 7, delivery: .reliable, payload)
            expected.writeImmutableBuffer(
                Frame.message(number: number, acknowledges: 7, delivery: .reliable, payload).encoded())
        }
        #expect(batch.count == sizes.count + 1)
        #expect(batch.bytes == sizes.reduce(0, +))
        let (buffers, _) = batch.finish()
        var written = ByteBuffer()
        for buffer in buffers { written.writeImmutableBuffer(buffer) }
        #expect(written == expected)
        // Small ones are joined, and each large payload stands alone.
        let large = sizes.count { $0 > FrameBatch.largestCopied }
        #expect(buffers.count <= 2 * large + 1)
    }

    /// A large payload goes out as it came in: the same bytes in the same place.
    @Test func aLargePayloadIsNotCopied() {
        let payload = message(1, 100_000)
        var batch = FrameBatch()
        batch.append(number: 1, acknowledges: 0, delivery: .reliable, payload)
        let (buffers, _) = batch.finish()
        let place = payload.withUnsafeReadableBytes { $0.baseAddress }
        #expect(buffers.contains { $0.withUnsafeReadableBytes { $0.baseAddress } == place })
    }

    private func place(_ buffer: ByteBuffer?) -> UnsafeRawPointer? {
        buffer?.withUnsafeReadableBytes { $0.baseAddress }
    }

    /// Writes a message in a buffer that may be used again.
    private func write(_ number: UInt64, in spare: inout ByteBuffer) -> ByteBuffer? {
        var taken = ByteBuffer()
        swap(&taken, &spare)
        var batch = FrameBatch(reusing: consume taken)
        batch.append(number: number, acknowledges: 0, delivery: .reliable, message(number, 64))
        let (buffers, rest) = batch.finish()
        spare = rest
        return buffers.first
    }

    @Test func aBufferIsUsedAgainWhenNobodyHoldsIt() {
        var spare = ByteBuffer()
        let first = place(write(1, in: &spare))
        #expect(place(write(2, in: &spare)) == first)
        // Held by what is still being written, it is left alone.
        let held = write(3, in: &spare)
        let next = write(4, in: &spare)
        #expect(place(held) == first && place(next) != first)
        #expect(held == Frame.message(number: 3, acknowledges: 0, delivery: .reliable, message(3, 64)).encoded())
    }

    @Test func aLargeBufferIsNotKept() {
        var batch = FrameBatch()
        for number in 1...64 as ClosedRange<UInt64> {
            batch.append(number: number, acknowledges: 0, delivery: .reliable, message(number, 2_000))
        }
        #expect(batch.finish().spare.capacity == 0)
    }

    /// A large message arrives as a slice of what was read, where it came in one piece.
    @Test func aPayloadIsASliceOfWhatWasRead() throws {
        let frame = Frame.message(number: 1, acknowledges: 0, delivery: .reliable, message(1, 50_000)).encoded()
        var decoder = FrameDecoder(maximumPayload: 65_536)
        decoder.append(frame)
        guard case .message(_, _, _, let payload) = try decoder.next() else { return #expect(Bool(false)) }
        let begin = frame.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        let place = payload.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        #expect(place == begin + UInt(Frame.headerLength + Frame.messageHeaderLength))
    }
}

extension FrameBatch {
    /// Adds a message as a peer does: a small payload is copied.
    fileprivate mutating func append(number: UInt64, acknowledges: UInt64, delivery: Delivery, _ payload: ByteBuffer) {
        guard payload.readableBytes <= FrameBatch.largestCopied else {
            return append(number: number, acknowledges: acknowledges, delivery: delivery, uncopied: payload)
        }
        append(1, bytes: payload.readableBytes) { writer in
            writer.write(number: number, acknowledges: acknowledges, delivery: delivery, payload)
        }
    }
}
