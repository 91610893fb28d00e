import Foundation

/// A block of a capture file (draft-ietf-opsawg-pcapng, 3.1), little-endian.
struct PcapngBlock {
    /// The kinds that are written.
    enum Kind: UInt32 {
        case section = 0x0A0D_0D0A
        case interface = 1
        case names = 4
        case statistics = 5
        case packet = 6
    }

    private let kind: Kind
    private var body = Data()

    init(_ kind: Kind) { self.kind = kind }

    mutating func add16(_ number: UInt16) { withUnsafeBytes(of: number.littleEndian) { body.append(contentsOf: $0) } }

    mutating func add32(_ number: UInt32) { withUnsafeBytes(of: number.littleEndian) { body.append(contentsOf: $0) } }

    /// A time in units of its interface, the high half first.
    mutating func add(time: Int64) {
        add32(UInt32(truncatingIfNeeded: time >> 32))
        add32(UInt32(truncatingIfNeeded: time))
    }

    /// Bytes, filled up to 32 bits.
    mutating func add(_ bytes: some Collection<UInt8>) {
        body.append(contentsOf: bytes)
        body.append(contentsOf: repeatElement(0, count: (4 - bytes.count % 4) % 4))
    }

    /// An option.
    mutating func option(_ code: UInt16, _ value: some Collection<UInt8>) {
        let value = Array(value.prefix(Int(UInt16.max)))
        add16(code)
        add16(UInt16(value.count))
        add(value)
    }

    /// A remark.
    mutating func comment(_ text: String) { option(1, text.utf8) }

    /// The block with its head and its end.
    var data: Data {
        let length = UInt32(body.count + 12)
        var block = Data(capacity: Int(length))
        for number in [kind.rawValue, length] {
            withUnsafeBytes(of: number.littleEndian) { block.append(contentsOf: $0) }
        }
        block.append(body)
        withUnsafeBytes(of: length.littleEndian) { block.append(contentsOf: $0) }
        return block
    }
}
