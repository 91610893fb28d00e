import NIOCore
import PeerNetworkingMocks
import Testing

@testable import PeerNetworking

@Suite struct CRC32CTests {
    /// RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
    @Test func knownVectors() {
        #expect(CRC32C.checksum(of: []) == 0)
        #expect(CRC32C.checksum(of: Array("123456789".utf8)) == 0xE306_9283)
        #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum(of: [UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(of: Array(0..<32)) == 0x46DD_794E)
        #expect(CRC32C.checksum(of: (0..<32).reversed()) == 0x113F_DB5C)
        let readCommand: [UInt8] = [
            0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0,
            0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
        ]
        #expect(CRC32C.checksum(of: readCommand) == 0xD996_3A56)
    }

    /// At each length and alignment that the instruction and the tables take in steps of their own.
    @Test func instructionAndTablesAgree() {
        let bytes = (0..<80).map { UInt8(truncatingIfNeeded: $0 * 89 + 7) }
        for start in 0..<9 {
            for end in start...bytes.count {
                var (either, tables) = (CRC32C(), CRC32C())
                bytes[start..<end].withUnsafeBytes {
                    either.update($0)
                    tables.updateByTables($0)
                }
                #expect(either.checksum == tables.checksum, "bytes \(start)..<\(end)")
            }
        }
    }

    @Test func whatIsLeftOutIsNotTakenIn() {
        let bytes = (0..<60).map { UInt8(truncatingIfNeeded: $0 &* 101 + 3) }
        for lower in 0...bytes.count {
            for upper in lower...bytes.count {
                let around = bytes.withUnsafeBytes { CRC32C.checksum(of: $0, except: lower..<upper) }
                #expect(
                    around == CRC32C.checksum(of: Array(bytes[..<lower] + bytes[upper...])),
                    "without \(lower)..<\(upper)")
            }
        }
    }

    @Test func piecesGiveTheSameAsTheWhole() {
        let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let whole = CRC32C.checksum(of: bytes)
        for cut in 0...bytes.count {
            var crc = CRC32C()
            bytes.withUnsafeBytes { raw in
                crc.update(UnsafeRawBufferPointer(rebasing: raw[..<cut]))
                crc.update(UnsafeRawBufferPointer(rebasing: raw[cut...]))
            }
            #expect(crc.checksum == whole)
        }
    }
}

@Suite struct FrameTests {
    /// Bytes moved, an operation count: twice the message takes twice as many, and not four times.
    @Test func whatComesByteByByteIsMovedAFewTimesAlone() throws {
        func moved(_ size: Int) throws -> Int {
            let frame = Frame.message(
                number: 1, acknowledges: 0, delivery: .reliable, ByteBuffer(repeating: 7, count: size))
            var decoder = FrameDecoder(maximumPayload: 1 << 20)
            var moved = 0
            for byte in frame.encoded().readableBytesView {
                moved += decoder.moveToTightBuffer()
                decoder.append(ByteBuffer(bytes: [byte]))
            }
            #expect(try decoder.next() == frame)
            return moved
        }
        for size in [1_000, 20_480] {
            #expect(try moved(size) < 3 * size)
            #expect(try moved(2 * size) < 3 * moved(size))
        }
    }

    static let frames: [Frame] = [
        .hello(.init(origin: 0xFFEE_DDCC_BBAA_9988, name: "a peer")),
        .hello(.init(origin: 0, window: .max, inbox: .max, inboxBytes: .max, maximumPayload: .max, name: "")),
        // Of another version its version alone is read.
        .hello(.init(version: 9, origin: 0, window: 0, inbox: 0, inboxBytes: 0, maximumPayload: 0, name: "")),
        .message(number: 1, acknowledges: 0, delivery: .reliable, ByteBuffer(string: "payload")),
        .message(number: .max, acknowledges: .max, delivery: .unreliable, ByteBuffer()),
        .message(number: 2, acknowledges: 1, delivery: .reliable, ByteBuffer(repeating: 7, count: 1_000)),
        .message(number: 3, acknowledges: 1, delivery: .exactlyOnce, ByteBuffer(string: "once")),
        .acknowledgement(77), .ping(1), .pong(.max), .goodbye, .refusal(.tooManySessions, "no room"),
        .refusal(.wrongName, ""),
    ]

    static func all(_ bytes: ByteBuffer, maximumPayload: Int = 1_000) throws -> [Frame] {
        var decoder = FrameDecoder(maximumPayload: maximumPayload)
        decoder.append(bytes)
        var frames: [Frame] = []
        while let frame = try decoder.next() { frames.append(frame) }
        #expect(decoder.buffered == 0)
        return frames
    }

    @Test(arguments: frames) func roundTrip(_ frame: Frame) throws {
        let decoded = try Self.all(frame.encoded())
        #expect(decoded == [frame])
    }

    @Test func theLayoutIsAsDocumented() {
        let bytes = Array(Frame.ping(0x0102_0304_0506_0708).encoded().readableBytesView)
        // Eight, and its check: x³ · x⁷ = x¹⁰ leaves x⁶ + x³.
        let checked: [UInt8] = [0, 0, 4, 0x48, 4, 1, 2, 3, 4, 5, 6, 7, 8]
        let checksum = CRC32C.checksum(of: checked)
        let checksumBytes = (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * $0)) }
        #expect(bytes == Array(checked[..<4]) + checksumBytes + Array(checked[4...]))
    }

    @Test func byteByByte() throws {
        var stream = ByteBuffer()
        for frame in Self.frames { stream.writeImmutableBuffer(frame.encoded()) }
        var decoder = FrameDecoder(maximumPayload: 1_000)
        var frames: [Frame] = []
        while let byte = stream.readSlice(length: 1) {
            decoder.append(byte)
            while let frame = try decoder.next() { frames.append(frame) }
        }
        #expect(frames == Self.frames)
        #expect(decoder.buffered == 0)
    }

    @Test func manyInOneChunkAndAPartOfTheNext() throws {
        var stream = ByteBuffer()
        for frame in Self.frames { stream.writeImmutableBuffer(frame.encoded()) }
        let last = Frame.ping(5).encoded()
        stream.writeImmutableBuffer(last.getSlice(at: 0, length: 10)!)
        var decoder = FrameDecoder(maximumPayload: 1_000)
        decoder.append(stream)
        var frames: [Frame] = []
        while let frame = try decoder.next() { frames.append(frame) }
        #expect(frames == Self.frames)
        #expect(decoder.buffered == 10)
        decoder.append(last.getSlice(at: 10, length: last.readableBytes - 10)!)
        let rest = try decoder.next()
        #expect(rest == .ping(5))
    }

    /// Trap 8: a length is judged as soon as its four bytes are there.
    @Test(arguments: [1_025, 1_000_000, 16_777_216, FrameLength.most])
    func aLengthBeyondTheBoundIsRefusedAtOnce(_ length: Int) {
        var decoder = FrameDecoder(maximumPayload: 1_000)
        decoder.append(ByteBuffer(integer: FrameLength.encoded(length)))
        let error = Self.error { _ = try decoder.next() }
        #expect(error?.code == .protocolViolation)
        #expect(error?.reason.contains("\(length) bytes") == true)
    }

    @Test func theLargestAllowedIsTaken() throws {
        let largest = Frame.message(
            number: 1, acknowledges: 1, delivery: .reliable, ByteBuffer(repeating: 1, count: 1_000))
        let decoded = try Self.all(largest.encoded())
        #expect(decoded == [largest])
        let larger = Frame.message(
            number: 1, acknowledges: 1, delivery: .reliable, ByteBuffer(repeating: 1, count: 1_001))
        let error = Self.error { _ = try Self.all(larger.encoded()) }
        #expect(error?.code == .protocolViolation)
    }

    /// A flipped bit is found; one in the length with the first four bytes, for nobody may wait for what never comes.
    @Test(arguments: frames) func aFlippedBitIsFoundAtOnce(_ frame: Frame) {
        let bytes = Array(frame.encoded().readableBytesView)
        for bit in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            var decoder = FrameDecoder(maximumPayload: 1_000)
            decoder.append(ByteBuffer(bytes: bit < 32 ? Array(flipped[..<4]) : flipped))
            var decoded: Frame?
            let error = Self.error { decoded = try decoder.next() }
            #expect(decoded == nil, "bit \(bit)")
            #expect(error?.code == .protocolViolation, "bit \(bit)")
        }
    }

    /// Every length of a small message, with every one and two of its bits flipped.
    @Test func theCheckOfTheLengthKnowsOneAndTwoFlippedBits() {
        for length in Array(0...100) + [1_024, 65_553, 1_048_593, 16_777_233, FrameLength.most] {
            let word = FrameLength.encoded(length)
            #expect(FrameLength.decoded(word) == length)
            for first in 0..<32 as Range<UInt32> {
                for second in first..<32 {
                    let flips: UInt32 = 1 << first | (second > first ? 1 << second : 0)
                    #expect(FrameLength.decoded(word ^ flips) == nil, "\(length): bits \(first) and \(second)")
                }
            }
        }
    }

    /// Frames that are whole and have a right checksum, and bodies that no frame of their type has.
    @Test(arguments: [0, 1, 2, 3, 4, 5, 7, 255] as [UInt8]) func wrongBodiesAreRefused(_ kind: UInt8) {
        for length in [0, 1, 7, 9, 16] where !(kind == 1 && length >= 2) {
            var body = ByteBuffer(integer: FrameLength.encoded(length))
            body.writeInteger(UInt32(0))
            body.writeInteger(kind)
            // Of no purpose, reason or delivery that there is.
            body.writeRepeatingByte(9, count: length)
            body.setInteger(body.withUnsafeReadableBytes { Frame.checksum(of: $0) }, at: 4)
            let error = Self.error { _ = try Self.all(body) }
            #expect(error?.code == .protocolViolation, "type \(kind), \(length) bytes")
        }
    }

    @Test(arguments: 2..<18) func aHelloOfThisVersionMustBeWhole(_ length: Int) {
        var body = ByteBuffer(integer: FrameLength.encoded(length))
        body.writeInteger(UInt32(0))
        body.writeInteger(UInt8(1))
        body.writeInteger(Frame.version)
        body.writeRepeatingByte(3, count: length - 2)
        body.setInteger(body.withUnsafeReadableBytes { Frame.checksum(of: $0) }, at: 4)
        #expect(Self.error { _ = try Self.all(body) }?.code == .protocolViolation)
    }

    @Test func garbageNeverTraps() {
        let random = MockRandomProvider(seed: 42)
        func draw(_ bound: UInt64) -> Int { Int(random.next(below: bound, "garbage", for: "")) }
        var errors = 0
        for round in 0..<20_000 {
            var decoder = FrameDecoder(maximumPayload: 64)
            // Half of the rounds start with a plausible length, so that the garbage reaches the checksum.
            var bytes = ByteBuffer()
            if round.isMultiple(of: 2) { bytes.writeInteger(UInt32(draw(82))) }
            for _ in 0..<(draw(12) + 1) { bytes.writeInteger(random.next("garbage", for: "")) }
            while bytes.readableBytes > 0 {
                decoder.append(bytes.readSlice(length: min(bytes.readableBytes, draw(20) + 1))!)
                var decoded: Frame?
                let error = Self.error { decoded = try decoder.next() }
                #expect(decoded == nil)
                if error != nil {
                    errors += 1
                    break
                }
            }
        }
        #expect(errors > 15_000)
    }

    static func error(_ body: () throws -> Void) -> NetworkError? {
        do {
            try body()
            return nil
        } catch {
            return error as? NetworkError
        }
    }
}
