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
    /// When it is due at the other end, in nanoseconds.
    public var arrives: Int64
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

    /// The reason in words.
    public var description: String {
        switch self {
        case .cut: "link cut"
        case .loss: "lost"
        case .noPower: "no power"
        case .dropped: "dropped"
        case .backlogFull: "backlog full"
        case .noSocket: "no socket"
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
    /// A buggify site was drawn for, with the number of the draw there, and fired or not.
    case buggify(BuggifySite, armed: Bool, fired: Bool)
    /// A fault of the lab's list struck (`true`) or healed.
    case fault(FaultFamily, Bool)
}

/// The families of the fault catalogue, by the names of lab files and reports.
public enum FaultFamily: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// A link carries nothing; the halves of its both directions may be cut alone.
    case cut = "cut"
    /// A host loses power: silence.
    case powerLoss = "power-loss"
    /// A host gets its power back.
    case powerOn = "power-on"
    /// A process is killed.
    case processKill = "process-kill"
    /// A process is started again.
    case restart = "restart"
    /// A process is stopped; its kernel goes on.
    case pause = "pause"
    /// A paused process goes on.
    case resume = "resume"
    /// A process reads slowly.
    case slowReader = "slow-reader"
    /// A link loses segments.
    case loss = "loss"
    /// A connection is reset.
    case reset = "reset"
    /// A segment is dropped by hand.
    case drop = "drop"
    /// A segment is delayed by hand.
    case delay = "delay"

    /// The name in lab files and reports.
    public var description: String { rawValue }
}
