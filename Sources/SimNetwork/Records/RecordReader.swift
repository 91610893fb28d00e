import Bug

/// Reads what a ``RecordWriter`` has written.
///
/// Bytes of the process itself are right, or there is a bug. Those of a file may be anything: what cannot be read of them is
/// noted as ``damage``, and nothing more is read.
struct RecordReader {
    private let bytes: UnsafeRawBufferPointer
    private let isOfFile: Bool
    private var position = 0
    /// The time of the record's event.
    var origin: Int64 = 0
    /// What is wrong with the bytes of a file; nil as long as nothing is.
    private(set) var damage: String?

    init(_ bytes: UnsafeRawBufferPointer, ofFile isOfFile: Bool = false) {
        (self.bytes, self.isOfFile) = (bytes, isOfFile)
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// The bytes that were not read.
    var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[min(position, bytes.count)...]) }

    /// Notes what no writer has written.
    @inline(never)
    mutating func refuse(_ what: String) {
        insist(isOfFile, "a record has \(what)")
        if damage == nil { damage = what }
        position = bytes.count
    }

    @inline(__always)
    mutating func byte() -> UInt8 {
        guard _fastPath(position < bytes.count) else {
            refuse("an end too early")
            return 0
        }
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
        guard bytes.count - position >= 8 else {
            refuse("an end too early")
            return 0
        }
        defer { position += 8 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    mutating func text() -> String {
        let length = number()
        guard length <= UInt64(bytes.count - position) else {
            refuse("an end too early")
            return ""
        }
        defer { position += Int(length) }
        return String(decoding: bytes[position..<position + Int(length)], as: UTF8.self)
    }

    mutating func flag() -> Bool { byte() != 0 }

    /// A case of an enum without values.
    @inline(__always)
    mutating func choice<Choice: CaseIterable>(_ type: Choice.Type = Choice.self) -> Choice {
        var value = byte()
        if isOfFile, Int(value) >= Choice.allCases.count {
            refuse("a \(Choice.self) of number \(value)")
            value = 0
        }
        return unsafeBitCast(value, to: Choice.self)
    }
}
