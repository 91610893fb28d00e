/// The bounds of what a script may say: whatever stands there, nothing overflows, and no more is held than these.
enum Bounds {
    /// The latest time, from the beginning, in nanoseconds: some 115 days.
    static let latest: Int64 = 10_000_000_000_000_000
    /// Bytes of a segment, at most: what an IPv4 packet can hold beside all options that there may be.
    static let segment: UInt32 = 65_455
    /// Bytes of a header's options, and ranges among them, at most (RFC 9293, 3.1; RFC 2018).
    static let options = 40
    static let blocks = 4
    /// Brackets within brackets, at most.
    static let depth = 64

    /// Words and signs of a statement, at most.
    static let tokens = 1_000
    /// Bytes of a call, at most.
    static let bytes: Int64 = 16 << 20

    /// A number of seconds as nanoseconds.
    static func seconds(_ value: Int64) -> Int64 { min(max(value, 0), 1_000_000) * 1_000_000_000 }

    /// A number of milliseconds as nanoseconds.
    static func milliseconds(_ value: Int64) -> Int64 { min(max(value, 0), 1_000_000_000) * 1_000_000 }

    /// How often something is tried again: as Linux has it, 255 at most.
    static func repeats(_ value: Int64) -> Int32 { Int32(min(max(value, 0), 255)) }

    /// Bytes of a buffer.
    static func buffer(_ value: Int64) -> Int32 { Int32(min(max(value, 2_048), 64 << 20)) }

    /// Bytes of a segment as an option tells them: 88 at least, as Linux has it.
    static func segmentSize(_ value: Int64) -> Int32 { Int32(min(max(value, 88), 32_767)) }
}
