public import PeerNetworking

/// The levels of one end's buffers, in bytes.
public struct BufferLevels: Hashable, Sendable {
    /// Written by the application and not acknowledged.
    public var sendQueued: Int32
    /// Sent and not acknowledged; a SYN and a FIN count one each.
    public var inFlight: Int32
    /// Received in order and not read.
    public var received: Int32
    /// Segments repeated so far.
    public var retransmissions: Int32

    /// Makes levels; all 0 where none are given.
    public init(sendQueued: Int32 = 0, inFlight: Int32 = 0, received: Int32 = 0, retransmissions: Int32 = 0) {
        self.sendQueued = sendQueued
        self.inFlight = inFlight
        self.received = received
        self.retransmissions = retransmissions
    }
}

/// A segment as a record shows it.
public struct SegmentSummary: Hashable, Sendable {
    /// The segment's number in the run, from 1.
    public var number: Int64
    /// The connection it belongs to.
    public var connection: ConnectionID
    /// Who sent it.
    public var from: Side
    /// Its control bits.
    public var flags: TCPFlags
    /// Payload bytes.
    public var length: Int32
    /// The sequence number of its first byte.
    public var sequence: Int64
    /// Its place among the segments that this side of the connection has sent, from 1.
    public var ordinal: Int64
    /// When it is due at the end of the link it is on, in nanoseconds; `Int64.max` while it is held back.
    public var arrives: Int64
    /// The link it is on; nil between two sockets of one host.
    public var link: LinkID?
    /// The direction in which it takes the link.
    public var direction: LinkDirection = .forward
    /// What the network says, where this is no segment but such a notice.
    public var notice: Notice?
}

/// What the network says to a sender (ICMP, RFC 792 and RFC 1191).
public enum Notice: UInt8, Hashable, Sendable, CustomStringConvertible {
    /// The host cannot be reached.
    case hostUnreachable
    /// The network cannot be reached.
    case networkUnreachable
    /// The packet is larger than the next link takes.
    case fragmentationNeeded

    /// The notice in words.
    public var description: String {
        switch self {
        case .hostUnreachable: "host unreachable"
        case .networkUnreachable: "network unreachable"
        case .fragmentationNeeded: "fragmentation needed"
        }
    }
}

/// Why a segment did not arrive.
public enum LossReason: UInt8, Hashable, Sendable, CustomStringConvertible {
    /// The link was cut when it was sent or while it was on its way.
    case cut
    /// The link's loss took it.
    case loss
    /// The host it went to had no power.
    case noPower
    /// An intervention dropped it.
    case dropped
    /// The backlog it asked to join was full.
    case backlogFull
    /// A reset or a late segment for a socket that is gone.
    case noSocket
    /// The hosts are on two sides of a partition.
    case partition
    /// Its way is reported unreachable.
    case unreachable
    /// It is larger than the link takes.
    case tooBig
    /// A fault drops what belongs to its protocol moment.
    case moment
    /// The queue before the link was full.
    case queueFull
    /// Its checksum did not fit.
    case damaged
    /// The end it went to is gone without a word.
    case silence
    /// A SYN that a fault ignores.
    case ignored
    /// The receiving host has no buffer memory left.
    case noMemory

    /// The reason in words.
    public var description: String {
        switch self {
        case .cut: "link cut"
        case .loss: "lost"
        case .noPower: "no power"
        case .dropped: "dropped"
        case .backlogFull: "backlog full"
        case .noSocket: "no socket"
        case .partition: "partition"
        case .unreachable: "unreachable"
        case .tooBig: "larger than the MTU"
        case .moment: "protocol moment"
        case .queueFull: "queue full"
        case .damaged: "checksum"
        case .silence: "silence"
        case .ignored: "SYN ignored"
        case .noMemory: "no buffer memory"
        }
    }

    /// The family of the fault that the loss is an effect of; nil where it is none.
    public var family: FaultFamily? {
        switch self {
        case .cut: .cut
        case .loss: .loss
        case .noPower: .powerLoss
        case .dropped, .moment: .drop
        case .backlogFull: .backlogFull
        case .noSocket: nil
        case .partition: .partition
        case .unreachable: .unreachable
        case .tooBig: .mtu
        case .queueFull: .bandwidth
        case .damaged: .corrupt
        case .silence: .halfOpen
        case .ignored: .connectHang
        case .noMemory: .exhaust
        }
    }
}

/// One change of the visible state. A fold over the changes of a run, in order, gives the state itself.
public enum Change: Hashable, Sendable {
    /// A host lost or got power.
    case power(HostID, on: Bool)
    /// A process went to a state.
    case process(ProcessID, ProcessState)
    /// A process's reads are held to so many bytes a second; 0 lifts the limit.
    case readRate(ProcessID, bytesPerSecond: Int64)
    /// A direction of a link was cut or healed.
    case cut(LinkID, LinkDirection, Bool)
    /// A port began or ended to listen.
    case listening(HostID, port: UInt16, Bool)
    /// The number of completed and of open handshakes in a backlog changed.
    case backlog(HostID, port: UInt16, waiting: Int32)
    /// A connection came to be: who opened it to whom.
    case opened(ConnectionID, from: HostID, fromPort: UInt16, to: HostID, toPort: UInt16)
    /// An end of a connection went to a state; `nil`: that end has no socket (any more).
    case tcp(ConnectionID, Side, TCPState?)
    /// The levels of an end's buffers changed.
    case levels(ConnectionID, Side, BufferLevels)
    /// A connection failed at one end, as its application will hear.
    case failed(ConnectionID, Side, NetworkError.Code)
    /// A connection was forgotten: both ends are gone and nothing of it is on the wire.
    case forgotten(ConnectionID)
    /// A segment went on the wire.
    case sent(SegmentSummary)
    /// A segment reached the other end.
    case arrived(Int64)
    /// A segment was lost.
    case lost(Int64, LossReason)
    /// A segment's arrival was put off to a time.
    case delayed(Int64, until: Int64)
    /// A peer came to be in a process, with a queue of so many messages.
    case peerRegistered(PeerNumber, ProcessID, capacity: Int32)
    /// Something happened to a peer.
    case peer(PeerNumber, PeerEvent)
    /// A segment came to a router, which sent it on over a link.
    case forwarded(Int64, LinkID?, LinkDirection, arrives: Int64)
    /// A second copy of a segment went on the wire.
    case duplicated(SegmentSummary, of: Int64)
    /// A bit of a segment's payload was flipped, and its checksum does not say so.
    case corrupted(Int64)
    /// A segment is held back by a clog.
    case held(Int64)
    /// Bytes wait before a link, or are on it; the last of them will have left at a time.
    case queue(LinkID, LinkDirection, bytes: Int64, until: Int64)
    /// A property of a direction of a link changed.
    case shaped(LinkID, LinkDirection, LinkShape)
    /// A direction of a link holds back what it carries, or lets it go.
    case clogged(LinkID, LinkDirection, Bool)
    /// A partition began or ended.
    case partition(Partition, Bool)
    /// An action set something that stands until it is set otherwise.
    indirect case standing(Action)
    /// An application's call was told of a fault without a segment: a name, a limit, a shortened or closed call.
    case struck(FaultFamily, HostID)
    /// A draw decided whether a fault strikes: an entry of the ledger.
    case draw(DrawRecord)
    /// A fault was set, struck or healed, by the schedule or by hand.
    case fault(FaultFamily, FaultTurn)
}

/// What an action has come to.
public enum FaultTurn: Hashable, Sendable {
    /// It will strike where a draw says so.
    case set
    /// It has struck.
    case struck
    /// It is over.
    case healed
}
