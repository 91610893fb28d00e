import TCP

extension TCPSegment {
    /// Whether it asks for a connection: a SYN that answers none.
    @inline(__always)
    var isFirst: Bool { flags.intersection([.syn, .ack]) == .syn }

    /// No segment: what a notice of the network travels in.
    static let notice = TCPSegment(flags: [], window: 0, sequence: 0, acknowledgement: 0)
}
