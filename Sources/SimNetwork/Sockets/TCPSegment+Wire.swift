import TCP

extension TCPSegment {
    /// Whether it asks for a connection: a SYN that answers none.
    @inline(__always)
    var isFirst: Bool { flags.intersection([.syn, .ack]) == .syn }

    /// Whether it tells of gaps.
    @inline(__always)
    var hasBlocks: Bool { options.map { !$0.blocks.isEmpty } ?? false }

    /// What its sender has got beyond a gap, as offsets.
    var blocks: [Range<Int64>] {
        guard let blocks = options?.blocks, !blocks.isEmpty else { return [] }
        return blocks.map { block in
            let start = acknowledged + Int64(Int32(bitPattern: block.start &- acknowledgement))
            return start..<start + Int64(block.end &- block.start)
        }
    }

    /// No segment: what a notice of the network travels in.
    ///
    /// - Parameters:
    ///   - mtu: bytes that a link takes, where it says so (RFC 1191's next-hop MTU); it stands in the window's place.
    ///   - segment: that of which it speaks.
    static func notice(mtu: UInt16, of segment: borrowing TCPSegment) -> TCPSegment {
        TCPSegment(flags: [], window: mtu, sequence: segment.sequence, acknowledgement: 0)
    }
}
