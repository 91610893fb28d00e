package import NIOCore
package import TCP

/// An IPv4 packet with a TCP segment, as a TUN device carries it.
package struct Packet {
    package var source: UInt32
    package var destination: UInt32
    package var sourcePort: UInt16
    package var destinationPort: UInt16
    package var segment: TCPSegment

    package init(
        source: UInt32, destination: UInt32, sourcePort: UInt16, destinationPort: UInt16, segment: TCPSegment
    ) {
        self.source = source
        self.destination = destination
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.segment = segment
    }

    // MARK: Reading

    /// Reads a packet; nil for one of another protocol, or one that is damaged.
    package init?(_ bytes: [UInt8]) { self.init(ByteBuffer(bytes: bytes)) }

    /// Reads a packet; nil for one of another protocol, or one that is damaged. Its payload is the rest of these bytes: what
    /// stands before it goes with it (``arriving(_:isDamaged:)``).
    package init?(_ packet: ByteBuffer) {
        let parts = packet.withUnsafeReadableBytes { bytes in Self.read(bytes) }
        guard let (place, rest) = parts else { return nil }
        self = rest
        segment.payload = packet.readerIndex == 0 ? packet : packet.slice()
        segment.payload.moveWriterIndex(to: place.upperBound)
        segment.payload.moveReaderIndex(to: place.lowerBound)
    }

    /// A packet without its payload, and where that stands.
    private static func read(_ bytes: UnsafeRawBufferPointer) -> (Range<Int>, Packet)? {
        guard bytes.count >= 40, bytes[0] >> 4 == 4, bytes[9] == 6 else { return nil }
        let header = Int(bytes[0] & 15) * 4
        let total = Int(number16(bytes, 2))
        guard header >= 20, total <= bytes.count, total >= header + 20 else { return nil }
        let offset = Int(bytes[header + 12] >> 4) * 4
        guard offset >= 20, header + offset <= total else { return nil }
        var packet = Packet(
            source: number32(bytes, 12), destination: number32(bytes, 16), sourcePort: number16(bytes, header),
            destinationPort: number16(bytes, header + 2),
            segment: TCPSegment(
                flags: TCPFlags(rawValue: bytes[header + 13]), window: number16(bytes, header + 14),
                sequence: number32(bytes, header + 4), acknowledgement: number32(bytes, header + 8)))
        packet.segment.codepoint = ECNCodepoint(rawValue: bytes[1] & 3) ?? .notCapable
        packet.readOptions(UnsafeRawBufferPointer(rebasing: bytes[(header + 20)..<(header + offset)]))
        return (header + offset..<total, packet)
    }

    private mutating func readOptions(_ bytes: UnsafeRawBufferPointer) {
        var (maximum, scale, permits, blocks): (UInt16, UInt8?, Bool, [SegmentOptions.Block]) = (0, nil, false, [])
        var place = 0
        while place < bytes.count, bytes[place] != 0 {
            if bytes[place] == 1 {
                place += 1
                continue
            }
            guard place + 1 < bytes.count else { break }
            let length = Int(bytes[place + 1])
            guard length >= 2, place + length <= bytes.count else { break }
            switch (bytes[place], length) {
            case (2, 4): maximum = Self.number16(bytes, place + 2)
            case (3, 3): scale = bytes[place + 2]
            case (4, 2): permits = true
            case (5, _):
                for start in stride(from: place + 2, to: place + length - 7, by: 8) {
                    blocks.append(
                        SegmentOptions.Block(
                            start: Self.number32(bytes, start), end: Self.number32(bytes, start + 4)))
                }
            case (8, 10):
                segment.timestamps = TCPSegment.Timestamps(
                    value: Self.number32(bytes, place + 2), echo: Self.number32(bytes, place + 6))
            default: break
            }
            place += length
        }
        if maximum > 0 || scale != nil || permits || !blocks.isEmpty {
            segment.options = SegmentOptions(
                maximumSegmentSize: maximum, windowScale: scale, permitsSACK: permits, blocks: blocks)
        }
    }

    private static func number16(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt16 {
        UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
    }

    private static func number32(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
        UInt32(number16(bytes, place)) << 16 | UInt32(number16(bytes, place + 2))
    }

    /// The packet of a segment that was read and has come over a wire: its own bytes, with what has happened to its payload
    /// and to what it says of congestion. Nil for a segment that was never read.
    ///
    /// - Parameter isDamaged: its checksum does not fit.
    package static func arriving(_ segment: TCPSegment, isDamaged: Bool) -> [UInt8]? {
        guard segment.payload.readerIndex >= 40,
            let view = segment.payload.viewBytes(at: 0, length: segment.payload.writerIndex)
        else { return nil }
        var bytes = Array(view)
        let header = Int(bytes[0] & 15) * 4
        guard bytes[0] >> 4 == 4, header >= 20, header + 20 <= bytes.count else { return nil }
        bytes[1] = bytes[1] & ~3 | segment.codepoint.rawValue
        bytes.setSum(at: 10, of: checksum(bytes[..<header], without: 10))
        let pseudo = sum(bytes[12..<20]) + 6 + UInt32(bytes.count - header)
        let check = checksum(bytes[header...], without: header + 16, before: pseudo)
        bytes.setSum(at: header + 16, of: isDamaged ? check ^ 1 : check)
        return bytes
    }

    private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum: UInt32 = 0
        for place in stride(from: bytes.startIndex, to: bytes.endIndex, by: 2) {
            sum += UInt32(bytes[place]) << 8 | (place + 1 < bytes.endIndex ? UInt32(bytes[place + 1]) : 0)
        }
        return sum
    }

    /// The sum of the Internet over some bytes in which it is to stand itself.
    private static func checksum(_ bytes: ArraySlice<UInt8>, without place: Int, before: UInt32 = 0) -> UInt16 {
        var sum = before + sum(bytes) - (UInt32(bytes[place]) << 8 | UInt32(bytes[place + 1]))
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + sum >> 16 }
        return ~UInt16(sum)
    }

    // MARK: Writing

    /// The packet with its checksums.
    package var bytes: [UInt8] {
        let options = optionBytes
        let payload = segment.payload.readableBytesView
        let length = 20 + options.count + payload.count
        var tcp: [UInt8] = []
        tcp.append(number: sourcePort)
        tcp.append(number: destinationPort)
        tcp.append(number: segment.sequence)
        tcp.append(number: segment.acknowledgement)
        tcp.append(UInt8((20 + options.count) / 4) << 4)
        tcp.append(segment.flags.rawValue)
        tcp.append(number: segment.window)
        tcp.append(number: UInt32(0))
        tcp += options
        tcp += payload
        var pseudo: [UInt8] = []
        pseudo.append(number: source)
        pseudo.append(number: destination)
        pseudo.append(number: UInt16(6))
        pseudo.append(number: UInt16(length))
        let sum = Self.checksum(pseudo + tcp)
        (tcp[16], tcp[17]) = (UInt8(sum >> 8), UInt8(sum & 255))
        return Self.ip(from: source, to: destination, proto: 6, codepoint: segment.codepoint, tcp)
    }

    private var optionBytes: [UInt8] {
        var bytes: [UInt8] = []
        if let options = segment.options {
            if options.maximumSegmentSize > 0 {
                bytes += [2, 4]
                bytes.append(number: options.maximumSegmentSize)
            }
            if options.permitsSACK { bytes += [1, 1, 4, 2] }
            if let scale = options.windowScale { bytes += [1, 3, 3, scale] }
        }
        if let times = segment.timestamps {
            bytes += [1, 1, 8, 10]
            bytes.append(number: times.value)
            bytes.append(number: times.echo)
        }
        if let blocks = segment.options?.blocks, !blocks.isEmpty {
            bytes += [1, 1, 5, UInt8(2 + 8 * blocks.count)]
            for block in blocks {
                bytes.append(number: block.start)
                bytes.append(number: block.end)
            }
        }
        return bytes
    }

    /// An IPv4 packet around something.
    private static func ip(
        from source: UInt32, to destination: UInt32, proto: UInt8, codepoint: ECNCodepoint = .notCapable,
        _ content: [UInt8]
    ) -> [UInt8] {
        var header: [UInt8] = [0x45, codepoint.rawValue]
        header.append(number: UInt16(20 + content.count))
        header += [0, 0, 0x40, 0, 64, proto, 0, 0]
        header.append(number: source)
        header.append(number: destination)
        let sum = checksum(header)
        (header[10], header[11]) = (UInt8(sum >> 8), UInt8(sum & 255))
        return header + content
    }

    /// What the network says of a packet that this one is like: unreachable, with a code, and the packet size that fits
    /// (RFC 792, RFC 1191).
    package func notice(code: UInt8, mtu: UInt16, from router: UInt32) -> [UInt8] {
        var message: [UInt8] = [3, code, 0, 0, 0, 0]
        message.append(number: mtu)
        message += bytes.prefix(28)
        let sum = Self.checksum(message)
        (message[2], message[3]) = (UInt8(sum >> 8), UInt8(sum & 255))
        return Self.ip(from: router, to: source, proto: 1, message)
    }

    /// The sum of the Internet (RFC 1071).
    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum = sum(bytes[...])
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + sum >> 16 }
        return ~UInt16(sum)
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: UInt16) { self += [UInt8(number >> 8), UInt8(number & 255)] }

    fileprivate mutating func append(number: UInt32) {
        append(number: UInt16(number >> 16))
        append(number: UInt16(number & 0xFFFF))
    }

    fileprivate mutating func setSum(at place: Int, of sum: UInt16) {
        (self[place], self[place + 1]) = (UInt8(sum >> 8), UInt8(sum & 255))
    }
}
