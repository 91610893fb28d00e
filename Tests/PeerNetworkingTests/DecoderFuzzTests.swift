import Foundation
import NIOCore
import PeerNetworkingMocks
import Testing

@testable import PeerNetworking

/// The decoder, fed with frames that were cut, mixed, damaged and made up, by seeds.
enum DecoderFuzz {
    /// The mock's draws, of a seed.
    struct Dice {
        let draws: MockRandomProvider

        init(seed: UInt64) {
            draws = MockRandomProvider(seed: seed)
        }

        func next() -> UInt64 { draws.next("decoder.fuzz", for: "") }
        func below(_ bound: Int) -> Int { Int(draws.next(below: UInt64(bound), "decoder.fuzz", for: "")) }
    }

    static let maximumPayload = 2_048

    private static func frame(_ dice: Dice) -> Frame {
        let number = dice.next() >> UInt64(dice.below(64))
        switch dice.below(8) {
        case 0:
            let purpose = Frame.Purpose(rawValue: UInt8(dice.below(3))) ?? .messages
            return .hello(.init(purpose: purpose, origin: number, window: UInt32(dice.below(1_000)), name: "fuzz"))
        case 1: return .acknowledgement(number)
        case 2: return .ping(number)
        case 3: return .pong(number)
        case 4: return .goodbye
        case 5: return .refusal(.tooManySessions, "no")
        default:
            let delivery = Delivery(rawValue: UInt8(dice.below(3))) ?? .reliable
            let payload = ByteBuffer(repeating: UInt8(dice.below(256)), count: dice.below(maximumPayload + 1))
            return .message(number: number, acknowledges: dice.next(), delivery: delivery, payload)
        }
    }

    /// Feeds a decoder with so many frames; every third seed damages them.
    ///
    /// - Returns: what was wrong; nil where nothing was.
    static func run(seed: UInt64) -> String? {
        let dice = Dice(seed: seed)
        let isDamaged = seed % 3 == 0
        var frames: [Frame] = []
        var bytes = ByteBuffer()
        for _ in 0..<1 + dice.below(12) {
            let frame = frame(dice)
            frames.append(frame)
            bytes.writeImmutableBuffer(frame.encoded())
        }
        if isDamaged { damage(&bytes, dice) }
        var decoder = FrameDecoder(maximumPayload: maximumPayload)
        var decoded: [Frame] = []
        do throws(NetworkError) {
            while bytes.readableBytes > 0 {
                let count = min(bytes.readableBytes, dice.below(4) == 0 ? 1 + dice.below(3) : 1 + dice.below(5_000))
                if let chunk = bytes.readSlice(length: count) { decoder.append(chunk) }
                if dice.below(5) == 0 { decoder.moveToTightBuffer() }
                while let frame = try decoder.next() { decoded.append(frame) }
                // A frame that is not whole waits; it is no longer than one may be.
                let most = maximumPayload + Frame.messageHeaderLength + Frame.headerLength
                if decoder.buffered > most { return "\(decoder.buffered) bytes wait" }
            }
        } catch {
            if error.code != .protocolViolation { return "\(error)" }
            if !isDamaged { return "refused what was right: \(error)" }
        }
        // What comes out was put in, up to where the damage is, unless a whole frame was repeated or left out.
        if !isDamaged, decoded != frames { return "other frames came out" }
        if isDamaged, !decoded.allSatisfy({ frames.contains($0) }) { return "a frame was made up" }
        return nil
    }

    private static func damage(_ bytes: inout ByteBuffer, _ dice: Dice) {
        for _ in 0..<1 + dice.below(4) where bytes.readableBytes > 1 {
            let place = dice.below(bytes.readableBytes)
            switch dice.below(4) {
            case 0:
                let byte = bytes.getInteger(at: place, as: UInt8.self) ?? 0
                bytes.setInteger(byte ^ 1 << UInt8(dice.below(8)), at: place)
            case 1: bytes.setInteger(dice.next(), at: min(place, bytes.writerIndex - min(8, bytes.writerIndex)))
            case 2:
                // Some bytes are missing.
                var kept = ByteBuffer()
                if let start = bytes.getSlice(at: 0, length: place) { kept.writeImmutableBuffer(start) }
                let rest = min(place + 1 + dice.below(40), bytes.writerIndex)
                if let end = bytes.getSlice(at: rest, length: bytes.writerIndex - rest) {
                    kept.writeImmutableBuffer(end)
                }
                bytes = kept
            default:
                // Noise between.
                var noisy = ByteBuffer()
                if let start = bytes.getSlice(at: 0, length: place) { noisy.writeImmutableBuffer(start) }
                for _ in 0..<dice.below(40) { noisy.writeInteger(UInt8(dice.below(256))) }
                if let end = bytes.getSlice(at: place, length: bytes.writerIndex - place) {
                    noisy.writeImmutableBuffer(end)
                }
                bytes = noisy
            }
        }
    }
}

@Suite struct DecoderFuzzTests {
    @Test func noSeedTrapsHangsOrMakesAFrameUp() {
        for seed in 0..<2_000 as Range<UInt64> {
            if let wrong = DecoderFuzz.run(seed: seed) { Issue.record("seed \(seed): \(wrong)") }
        }
    }
}

/// `make soak` runs it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil))
struct DecoderSoakTests {
    @Test func aMillionSeeds() {
        for seed in 0..<1_000_000 as Range<UInt64> {
            if let wrong = DecoderFuzz.run(seed: seed) { Issue.record("seed \(seed): \(wrong)") }
        }
    }
}
