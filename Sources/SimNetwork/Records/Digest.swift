/// A running 64-bit fingerprint over the bytes of a run's records, which say everything: equal runs have equal digests.
///
/// Multiply-and-fold, as in wyhash: one full 64×64-bit multiplication a word, the halves joined by exclusive or.
/// Integers alone, so it is the same on every machine. It is no defence against an adversary.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// The fingerprint so far.
    public private(set) var value: UInt64

    /// Starts a digest of a seed.
    public init(seed: UInt64) {
        value = seed ^ 0x9E37_79B9_7F4A_7C15
    }

    /// Resumes a digest that was read from a recording.
    public init(value: UInt64) {
        self.value = value
    }

    /// Takes in a word.
    @inline(__always)
    mutating func mix(_ word: UInt64) {
        let product = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: word ^ 0xE703_7ED1_A0B4_28DB)
        value = product.high ^ product.low &+ value.rotatedLeft(23)
    }

    /// Takes in a signed word.
    @inline(__always)
    mutating func mix(_ word: Int64) {
        mix(UInt64(bitPattern: word))
    }

    /// Takes in bytes, and how many they are.
    mutating func mix(_ bytes: UnsafeRawBufferPointer) {
        let whole = bytes.count & ~7
        for offset in stride(from: 0, to: whole, by: 8) {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
        // The last bytes and the length share a word.
        var rest = UInt64(bytes.count) << 56
        for offset in whole..<bytes.count { rest |= UInt64(bytes[offset]) << UInt64(8 * (offset - whole)) }
        mix(rest)
    }

    /// 16 hexadecimal digits.
    public var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension UInt64 {
    @inline(__always)
    func rotatedLeft(_ count: UInt64) -> UInt64 {
        (self << count) | (self >> (64 - count))
    }
}
