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
        UInt32(truncatingIfNeeded: length) << 7 | UInt32(check(of: UInt32(truncatingIfNeeded: length)))
    }

    /// The length, or nil where its check contradicts it.
    @inline(__always)
    static func decoded(_ word: UInt32) -> Int? {
        let length = word >> 7
        return UInt32(check(of: length)) == word & 0x7F ? Int(length) : nil
    }

    /// The remainder of each byte, in the upper seven bits.
    private static let table: [UInt8] = (0...255 as ClosedRange<UInt8>).map { byte in
        (0..<8).reduce(byte) { crc, _ in crc & 0x80 != 0 ? crc << 1 ^ 0x12 : crc << 1 }
    }

    @inline(__always)
    private static func check(of length: UInt32) -> UInt8 {
        table.withUnsafeBufferPointer { table in
            var crc = table[Int(length >> 24)]
            crc = table[Int(crc ^ UInt8(truncatingIfNeeded: length >> 16))]
            crc = table[Int(crc ^ UInt8(truncatingIfNeeded: length >> 8))]
            return table[Int(crc ^ UInt8(truncatingIfNeeded: length))] >> 1
        }
    }
}
