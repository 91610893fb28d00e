/// Reads what a ``RecordWriter`` has written.
struct RecordReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// The time of the record's event.
    var origin: Int64 = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    /// The bytes that were not read.
    var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[position...]) }

    @inline(__always)
    mutating func byte() -> UInt8 {
        defer { position &+= 1 }
        return bytes[position]
    }

    @inline(__always)
    mutating func number() -> UInt64 {
        let first = byte()
        return first < RecordWriter.counted ? UInt64(first) : larger(first)
    }

    private mutating func larger(_ first: UInt8) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<UInt64(first - RecordWriter.counted + 1) { value |= UInt64(byte()) << (8 * place) }
        return value
    }

    @inline(__always)
    mutating func signed() -> Int64 {
        let value = number()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    @inline(__always)
    mutating func natural() -> Int64 { Int64(bitPattern: number()) }

    @inline(__always)
    mutating func small() -> Int32 { Int32(truncatingIfNeeded: number()) }

    @inline(__always)
    mutating func time() -> Int64 { origin &+ signed() }

    mutating func word() -> UInt64 {
        defer { position += 8 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    mutating func text() -> String {
        let length = Int(number())
        defer { position += length }
        return String(decoding: bytes[position..<position + length], as: UTF8.self)
    }

    mutating func flag() -> Bool { byte() != 0 }

    /// A case of an enum without values. The bytes never come from outside of the process: they are one of its cases.
    @inline(__always)
    mutating func choice<Choice: CaseIterable>(_ type: Choice.Type = Choice.self) -> Choice {
        let value = byte()
        return unsafeBitCast(value, to: Choice.self)
    }
}
