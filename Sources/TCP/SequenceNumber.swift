/// Sequence numbers as headers have them: 32 bits, from an initial number that differs from connection to connection, and
/// they wrap (RFC 9293, 3.4). The machine itself counts in offsets from the initial number, which do not: 0 is the SYN, 1 the
/// first byte.
enum SequenceNumber {
    /// The number in the header for an offset.
    @inline(__always)
    static func wire(_ offset: Int64, from initial: UInt32) -> UInt32 { initial &+ UInt32(truncatingIfNeeded: offset) }

    /// The offset that a number in a header stands for: of those that it may, the one next to another.
    ///
    /// - Parameters:
    ///   - number: from the header.
    ///   - initial: the initial number of who sent the bytes.
    ///   - reference: an offset less than half of the numbers away.
    @inline(__always)
    static func offset(_ number: UInt32, from initial: UInt32, near reference: Int64) -> Int64 {
        reference + Int64(Int32(bitPattern: number &- wire(reference, from: initial)))
    }
}
