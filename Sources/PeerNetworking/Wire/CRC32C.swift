import CCRC32C

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4): by the processor's instruction, or sixteen bytes a step with sixteen
/// tables.
struct CRC32C {
    private var register: UInt32 = 0xFFFF_FFFF

    /// The checksum of all bytes taken in so far.
    var checksum: UInt32 { ~register }

    /// Sixteen tables of 256 entries: table k advances a byte by k further bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 16 * 256)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
            tables[byte] = value
        }
        for table in 1..<16 {
            for byte in 0..<256 {
                let previous = tables[(table - 1) * 256 + byte]
                tables[table * 256 + byte] = (previous >> 8) ^ tables[Int(previous & 0xFF)]
            }
        }
        return tables
    }()

    /// The checksum of all bytes but a few.
    @inline(__always)
    static func checksum(of bytes: UnsafeRawBufferPointer, except gap: Range<Int>) -> UInt32 {
        var crc = CRC32C()
        if peerlab_has_crc32c() {
            crc.register = peerlab_crc32c_around(
                crc.register, bytes.baseAddress, gap.lowerBound, gap.upperBound, bytes.count)
        } else {
            crc.updateByTables(UnsafeRawBufferPointer(rebasing: bytes[..<gap.lowerBound]))
            crc.updateByTables(UnsafeRawBufferPointer(rebasing: bytes[gap.upperBound...]))
        }
        return crc.checksum
    }

    /// Takes in bytes.
    @inline(__always)
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        if peerlab_has_crc32c() {
            register = peerlab_crc32c(register, bytes.baseAddress, bytes.count)
        } else {
            updateByTables(bytes)
        }
    }

    /// Takes in bytes on a processor without the instruction.
    mutating func updateByTables(_ bytes: UnsafeRawBufferPointer) {
        var crc = register
        CRC32C.tables.withUnsafeBufferPointer { table in
            /// Four bytes, with `last` bytes after them in their step.
            @inline(__always)
            func fold(_ word: UInt32, _ last: Int) -> UInt32 {
                table[(last + 3) * 256 + Int(word & 0xFF)] ^ table[(last + 2) * 256 + Int(word >> 8 & 0xFF)]
                    ^ table[(last + 1) * 256 + Int(word >> 16 & 0xFF)] ^ table[last * 256 + Int(word >> 24)]
            }
            @inline(__always)
            func load(_ offset: Int) -> UInt32 {
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            }
            var offset = 0
            while offset + 16 <= bytes.count {
                crc =
                    fold(load(offset) ^ crc, 12) ^ fold(load(offset + 4), 8)
                    ^ fold(load(offset + 8), 4) ^ fold(load(offset + 12), 0)
                offset += 16
            }
            while offset + 4 <= bytes.count {
                crc = fold(load(offset) ^ crc, 0)
                offset += 4
            }
            while offset < bytes.count {
                crc = (crc >> 8) ^ table[Int((crc ^ UInt32(bytes[offset])) & 0xFF)]
                offset += 1
            }
        }
        register = crc
    }

    /// The checksum of bytes alone.
    static func checksum(of bytes: [UInt8]) -> UInt32 {
        var crc = CRC32C()
        bytes.withUnsafeBytes { crc.update($0) }
        return crc.checksum
    }
}
