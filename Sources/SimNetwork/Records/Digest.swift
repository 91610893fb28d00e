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

    /// Takes in bytes, and how many they are: two words a multiplication.
    mutating func mix(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return mix(UInt64(0)) }
        @inline(__always)
        func word(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: (base + offset).loadUnaligned(as: UInt64.self))
        }
        let count = bytes.count
        var (state, offset) = (value, 0)
        while offset &+ 16 <= count {
            let first = word(offset) ^ state ^ 0xA076_1D64_78BD_642F
            let product = first.multipliedFullWidth(by: word(offset &+ 8) ^ 0xE703_7ED1_A0B4_28DB)
            state = product.high ^ product.low &+ state.rotatedLeft(23)
            offset &+= 16
        }
        value = state
        if offset &+ 8 <= count {
            mix(word(offset))
            offset &+= 8
        }
        // The last bytes, fewer than eight, share a word with the length.
        var rest: UInt64 = 0
        if offset < count {
            if offset >= 8 {
                rest = word(count &- 8) >> UInt64(8 &* (8 &- (count &- offset)))
            } else {
                for place in offset..<count { rest |= UInt64(bytes[place]) << UInt64(8 * (place - offset)) }
            }
        }
        mix(UInt64(count) << 56 | rest)
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
