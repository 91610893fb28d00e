/// The first four bytes of a frame: the payload's length in 25 bits, and a check of it in seven.
///
/// The frame's checksum covers the length too, but is known only when the whole frame is there: a flipped bit in the length
/// would have the decoder wait for bytes that never come, while heartbeats keep the connection alive. The check is judged
/// with the length: CRC-7 (x⁷ + x³ + 1, as ITU-T G.704 has it), which no one or two flipped bits pass.
enum FrameLength {
    /// The largest length that 25 bits hold.
    static let most = 1 << 25 - 1

    /// - Parameter length: 0…``most``.
    @inline(__always)
    static func encoded(_ length: Int) -> UInt32 {
        let word = UInt32(truncatingIfNeeded: length) << 7
        return word | remainder(of: word)
    }

    /// The length, or nil where its check contradicts it.
    @inline(__always)
    static func decoded(_ word: UInt32) -> Int? {
        remainder(of: word) == 0 ? Int(word >> 7) : nil
    }

    /// What is left of a word, as a polynomial over two elements, when it is divided by x⁷ + x³ + 1.
    ///
    /// There x⁷ is x³ + 1, so (squares have no mixed terms) x¹⁴ is x⁶ + 1 and x²⁸ is x¹² + 1: what stands higher is folded
    /// down by these. A table would take as many steps, and a look whether it is made.
    @inline(__always)
    private static func remainder(of word: UInt32) -> UInt32 {
        let below28 = fold(word, at: 28, to: 12)
        let below20 = fold(below28, at: 14, to: 6)
        let below14 = fold(below20, at: 14, to: 6)
        let below10 = fold(below14, at: 7, to: 3)
        return fold(below10, at: 7, to: 3)
    }

    /// Takes x to a power for 1 and x to another.
    @inline(__always)
    private static func fold(_ word: UInt32, at power: UInt32, to other: UInt32) -> UInt32 {
        let high = word >> power
        return word & (1 << power - 1) ^ high ^ high << other
    }
}
