public import PeerNetworking
public import TCP

/// One change of the visible state. A fold over the changes of a run, in order, gives the state itself, and what is
/// pending with it.
///
/// What is to happen has a place among all that is to happen at the same time. Each change that says of something when it
/// will happen takes the next one: ``sent(_:)``, ``forwarded(_:_:_:arrives:)``, ``duplicated(_:of:)``,
/// ``delayed(_:until:)``, ``timerSet(_:task:due:)``, ``scheduled(_:due:)``, ``episode(_:due:)`` and an ``end(_:_:_:)`` with
/// a timer.
public enum Change: Hashable, Sendable {
    /// Something that has a name came to be known by a number.
    case name(NameKind, Int32, String)
    /// What is done to the network, by the schedule, by chaos or by hand. Without a further change it had no effect.
    indirect case action(Action)
    /// A task waits for a time.
    case timerSet(ProcessID, task: Int32, due: Int64)
    /// What was to happen at a place will not: the wait is over, or what was scheduled was healed.
    case taken(UInt64)
    /// An action will be carried out at a time.
    indirect case scheduled(Action, due: Int64)
    /// Chaos will strike with a family at a time; with what exactly it draws then.
    case episode(FaultFamily, due: Int64)
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
    /// The number of connections that wait to be accepted changed.
    case backlog(HostID, port: UInt16, waiting: Int32)
    /// A connection came to be: from where to where, and whose attempt it is, where that is known.
    case opened(ConnectionID, from: HostID, fromPort: UInt16, to: HostID, toPort: UInt16, by: Opener?)
    /// An end of a connection went to a state; `nil`: that end has no socket (any more).
    case tcp(ConnectionID, Side, TCPState?)
    /// The levels of an end's buffers, or its timer, changed.
    case end(ConnectionID, Side, EndChange)
    /// A process asked for a connection and got none, before anything was sent: why.
    case unasked(ProcessID, port: UInt16, NetworkError.Code, reason: String)
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
    /// Something happened to a peer; of a server's, in which of its sessions, where it did in one.
    case peer(PeerNumber, PeerEvent, in: PeerSession? = nil)
    /// A segment came to a router, which sent it on over a link.
    case forwarded(Int64, LinkID?, LinkDirection, arrives: Int64)
    /// A second copy of a segment went on the wire.
    case duplicated(SegmentSummary, of: Int64)
    /// A bit of a segment's payload was flipped, and its checksum does not say so.
    case corrupted(Int64)
    /// A queue has marked a segment: the way is congested (RFC 3168).
    case marked(Int64)
    /// A segment is held back by a clog.
    case held(Int64)
    /// Bytes wait before a link, or are on it; the last of them will have left at a time.
    case queue(LinkID, LinkDirection, bytes: Int64, until: Int64)
    /// A property of a direction of a link changed.
    case shaped(LinkID, LinkDirection, LinkShape)
    /// A direction of a link holds back what it carries, or lets it go.
    case clogged(LinkID, LinkDirection, Bool)
    /// All links of a host hold back what comes to it, or what leaves it, or let it go.
    case hostClogged(HostID, TrafficScope.Bound, Bool)
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

/// Whose attempt a connection is. With the port that is asked for this is its stable name: the client's own port hangs on
/// what was open before.
public struct Opener: Hashable, Sendable {
    /// The process that asked.
    public var process: ProcessID
    /// Which of its attempts at that port, from 1.
    public var attempt: Int32
}

/// What an action has come to.
public enum FaultTurn: UInt8, Hashable, Sendable, CaseIterable {
    /// It will strike where a draw says so.
    case set
    /// It has struck.
    case struck
    /// It is over.
    case healed
}
