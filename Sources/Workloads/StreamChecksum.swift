import NIOCore

/// FNV-1a over a stream, 64 bits.
struct StreamChecksum {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func update(_ bytes: ByteBuffer) {
        var hash = value
        bytes.withUnsafeReadableBytes { raw in
            for byte in raw { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        value = hash
    }
}
