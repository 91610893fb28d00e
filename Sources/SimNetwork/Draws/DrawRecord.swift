public import PeerNetworking

/// What a draw was made for.
public enum DrawSubject: Hashable, Sendable {
    /// A direction of a link.
    case lane(LinkID, LinkDirection)
    /// A segment on a direction of a link.
    case segment(SegmentDraw)
    /// The network as a whole.
    case network
    /// A connection.
    case connection(ConnectionID)
    /// An end of a connection.
    case end(ConnectionID, Side)
    /// A host's look-up of another's name.
    case lookup(HostID, of: HostID)
    /// A process.
    case process(ProcessID)
    /// A name that a peer gave, by its place in ``Simulation/subjectNames``.
    case named(Int32)
}

/// Which segment, and on which link, a draw was made for. The number of the draw says which of its kind: of one with
/// payload the sequence number of its first byte, of one without its place among those of its side, from 1.
public struct SegmentDraw: Hashable, Sendable, CustomStringConvertible {
    /// The link.
    public var link: LinkID
    /// The direction in which it takes the link.
    public var direction: LinkDirection
    /// The connection it belongs to.
    public var connection: ConnectionID
    /// Who sent it.
    public var side: Side
    /// It has payload.
    public var isData: Bool
    /// How often the same bytes were sent then, from 1; with ``InFlight/copyBit`` or ``InFlight/noticeBit`` for a second
    /// copy, and for what the network says of it.
    var transmission: UInt32

    /// Set in the number of the transmission: a second copy has draws of its own, and so has what is said of a segment.
    static let copyBit: UInt32 = 1 << 31
    static let noticeBit: UInt32 = 1 << 30

    /// The side, the kind and, where it is not the first, the transmission: `client,data,2`.
    public var description: String {
        let times = transmission & ~(Self.noticeBit | Self.copyBit)
        return "\(side),\(isData ? "data" : "control")" + (times > 1 ? ",\(times)" : "")
            + (transmission & Self.copyBit != 0 ? ",copy" : "")
            + (transmission & Self.noticeBit != 0 ? ",notice" : "")
    }

    /// The transmission that is written behind the kind of a segment: `2`, `copy`, `notice`, or of these more than one in
    /// that order; nil where they are none.
    static func transmission(_ parts: some Collection<Substring>) -> UInt32? {
        var rest = parts[...]
        var transmission: UInt32 = 1
        if let first = rest.first, let times = UInt32(first) {
            guard times > 1, times < noticeBit else { return nil }
            transmission = times
            rest = rest.dropFirst()
        }
        for (word, bit) in [("copy", copyBit), ("notice", noticeBit)] where rest.first ?? "" == word {
            transmission |= bit
            rest = rest.dropFirst()
        }
        return rest.isEmpty ? transmission : nil
    }
}

/// A draw that decided whether a fault strikes: an entry of the ledger, a near miss too.
public struct DrawRecord: Hashable, Sendable {
    /// Where.
    public var site: DrawSite
    /// For what.
    public var subject: DrawSubject
    /// Which of the draws of the site for the subject, from 1.
    public var number: UInt64
    /// The upper 32 of its 64 bits; the fault strikes below the threshold.
    public var value: UInt32
    /// The threshold, in units of 2⁻³².
    public var threshold: Probability
    /// Whether it struck.
    public var fires: Bool
    /// Whether an override decided and not the value.
    public var isForced: Bool
}
