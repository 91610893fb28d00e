internal import NIOConcurrencyHelpers
public import PeerNetworking

/// Draws that depend on the seed, the site, the subject and the draw's number there, and on nothing else: those that the
/// simulation makes under the same seed.
///
/// A run has one: a process that is started again goes on where the one before it stopped. Draws may be made from any
/// thread.
public final class SocketRandomProvider: RandomProvider {
    private struct Source: Hashable {
        let site: UInt64
        let subject: UInt64
    }

    private let seed: UInt64
    private let drawn = NIOLockedValueBox<[Source: UInt64]>([:])

    /// Draws under a seed.
    public init(seed: UInt64) {
        self.seed = seed
    }

    /// Draws the next 64 uniformly distributed bits of a site for a subject.
    public func next(_ site: StaticString, for subject: String) -> UInt64 {
        let source = Source(site: Self.stableHash(site), subject: Self.stableHash(subject))
        let number = drawn.withLockedValue { drawn in
            let number = drawn[source, default: 0] + 1
            drawn[source] = number
            return number
        }
        return Self.bits(seed: seed, site: source.site, subject: source.subject, number: number)
    }

    /// 64 uniform bits: draw `number`, from 1, of `site` for `subject` under `seed`.
    static func bits(seed: UInt64, site: UInt64, subject: UInt64, number: UInt64) -> UInt64 {
        let key =
            finalise(seed &+ 0x9E37_79B9_7F4A_7C15)
            ^ finalise(site ^ subject << 32 ^ subject >> 32 &+ 0xD1B5_4A32_D192_ED03)
        return finalise(key &+ number &* 0x9E37_79B9_7F4A_7C15)
    }

    /// The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
    private static func finalise(_ input: UInt64) -> UInt64 {
        var bits = input
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    private static func stableHash(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { stableHash($0) }
    }

    private static func stableHash(_ text: StaticString) -> UInt64 {
        text.withUTF8Buffer { stableHash($0) }
    }

    /// FNV-1a, 64 bits.
    private static func stableHash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}
