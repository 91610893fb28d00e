package import TCP

/// A segment that has crossed a network, or what the network says of one, where a kernel outside is to have it.
package struct Landing {
    /// Who has sent it, and who is to have it.
    package let from: (host: HostID, port: UInt16)
    package let to: (host: HostID, port: UInt16)
    /// The segment; of a notice, that of which it speaks has its number.
    package let segment: TCPSegment
    /// What the network says, where this is no segment.
    package let notice: Notice?
    /// Its checksum does not fit.
    package internal(set) var isDamaged: Bool
    /// When it was due, in nanoseconds of the run.
    package let due: Int64
}
