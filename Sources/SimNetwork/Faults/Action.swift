public import PeerNetworking

/// Something done to a running network: by a lab's schedule, a script, or a hand on the screen.
///
/// What lasts is undone by its ``inverse``, or by setting it to its neutral value.
public enum Action: Hashable, Sendable {
    // MARK: Links

    /// Cuts a link: what is on it is lost, and what is sent over it. One direction, or both where none is given.
    case cut(LinkID, LinkDirection?)
    /// Heals a link.
    case heal(LinkID, LinkDirection?)
    /// Changes a property of a link, in one direction or both.
    case shape(LinkID, LinkDirection?, LinkShape)
    /// Gives a link's property back the value it has in the topology.
    case unshape(LinkID, LinkDirection?, LinkShape.Kind)
    /// Holds back what is on its way and what is sent; it arrives, in order, when it is released.
    case clog(TrafficScope)
    /// Releases what was held back.
    case unclog(TrafficScope)
    /// Parts the hosts in two groups that do not hear each other.
    case partition(PartitionPlan)
    /// Ends a partition; all, where none is given.
    case unpartition(Partition?)
    /// Clogs hosts one after the other within so many nanoseconds, and releases them in another order in as many.
    case swizzle([HostID], over: Int64)
    /// Lengthens the way from one host to another by nanoseconds; 0 lifts it.
    case slowPair(from: HostID, to: HostID, extra: Int64)
    /// Has a host or link answered for as unreachable; nil lifts it.
    case unreachable(TrafficScope, Unreachability?)

    // MARK: Connecting

    /// Refuses connections with a probability; 0 lifts it.
    case refuse(ServiceScope, Probability)
    /// Ignores the SYNs of connections with a probability; 0 lifts it.
    case connectHang(ServiceScope, Probability)
    /// Lets a listener's backlog be full, or have room again.
    case backlogFull(ServiceScope, Bool)
    /// Lets a host's name fail to resolve with a probability; nil lifts it.
    case nameError(HostID, NameFailure?, Probability)

    // MARK: Connections

    /// Closes connections under reads and writes; nil lifts it.
    case close(IOScope, RandomClose?)
    /// Resets connections at both ends.
    case reset(ConnectionScope)
    /// Ends what an end sends, as if its application had shut down its writing half.
    case halfClose(ConnectionScope)
    /// Takes an end away without a word: the other believes in the connection, and is never answered.
    case halfOpen(ConnectionScope)
    /// Shortens reads; nil lifts it.
    case shortRead(IOScope, ShortIO?)
    /// Shortens writes; nil lifts it.
    case shortWrite(IOScope, ShortIO?)
    /// Holds reads to so many bytes a second; 0 lifts the limit.
    case slowReader(IOScope, bytesPerSecond: Int64)

    // MARK: Processes and hosts

    /// Ends a process as if its program had returned.
    case exit(ProcessID)
    /// Kills a process: its kernel closes its sockets, with a reset where bytes were unread.
    case kill(ProcessID)
    /// Starts a process again, killing it first if it runs.
    case restart(ProcessID)
    /// Stops a process; its kernel goes on acknowledging until the receive buffers are full.
    case pause(ProcessID)
    /// Lets a paused process go on.
    case resume(ProcessID)
    /// Takes a host's power: its processes and sockets are gone without a word.
    case powerLoss(HostID)
    /// Gives a host its power back and starts its processes.
    case powerOn(HostID)
    /// Sets a host's clock off by nanoseconds, and lets it gain so many nanoseconds a second (or lose them).
    case clockSkew(HostID, offset: Int64, drift: Int64)
    /// Lets a host's timers go off late with a probability, by at most so many nanoseconds; 0 lifts it.
    case slowTimers(HostID, Probability, most: Int64)
    /// Limits a resource of a host; nil gives it back the limit that it has in the topology.
    case exhaust(HostID, HostLimits.Resource, Int64?)

    // MARK: Segments

    /// Drops a segment that is on the wire: the `ordinal`-th that this side of the connection has sent.
    case drop(ConnectionID, from: Side, ordinal: Int64)
    /// Puts off the arrival of a segment that is on the wire, by nanoseconds.
    case delay(ConnectionID, from: Side, ordinal: Int64, by: Int64)
    /// Drops segments of a protocol moment that cross a link, with a probability; 0 lifts it.
    case dropDuring(ProtocolMoment, LinkID, LinkDirection?, Probability)

    // MARK: Draws

    /// Forces or vetoes draws.
    case override(DrawOverride)
    /// Takes an override back.
    case unoverride(DrawOverride)
    /// Heals everything: links, partitions, clogs, powers, processes, and all that stands; buggify and chaos end too.
    case healAll
}

extension Action {
    /// The family it is counted under.
    public var family: FaultFamily {
        switch self {
        case .cut, .heal: .cut
        case .shape(_, _, let shape): shape.kind.family
        case .unshape(_, _, let kind): kind.family
        case .clog, .unclog: .clog
        case .partition, .unpartition: .partition
        case .swizzle: .swizzle
        case .slowPair: .slowPair
        case .unreachable: .unreachable
        case .refuse: .refuse
        case .connectHang: .connectHang
        case .backlogFull: .backlogFull
        case .nameError: .nameError
        case .close: .close
        case .reset: .reset
        case .halfClose: .halfClose
        case .halfOpen: .halfOpen
        case .shortRead: .shortRead
        case .shortWrite: .shortWrite
        case .slowReader: .slowReader
        case .exit: .processExit
        case .kill: .processKill
        case .restart: .restart
        case .pause: .pause
        case .resume: .resume
        case .powerLoss: .powerLoss
        case .powerOn: .powerOn
        case .clockSkew: .clockSkew
        case .slowTimers: .slowTimers
        case .exhaust: .exhaust
        case .drop, .dropDuring: .drop
        case .delay: .delay
        case .override, .unoverride: .override
        case .healAll: .healAll
        }
    }

    /// Whether it ends a fault instead of starting one.
    public var heals: Bool {
        switch self {
        case .heal, .unshape, .unclog, .unpartition, .slowPair(_, _, extra: 0), .unreachable(_, nil),
            .refuse(_, .never), .connectHang(_, .never), .backlogFull(_, false), .nameError(_, nil, _),
            .close(_, nil), .shortRead(_, nil), .shortWrite(_, nil), .slowReader(_, bytesPerSecond: 0),
            .clockSkew(_, offset: 0, drift: 0), .slowTimers(_, .never, most: _), .exhaust(_, _, nil),
            .dropDuring(_, _, _, .never), .unoverride, .healAll:
            true
        default: false
        }
    }

    /// What undoes it, for actions that last a while; nil for those that happen and are over.
    ///
    /// A partition drawn when it strikes is undone by the world, which knows it.
    public var inverse: Action? {
        if heals { return nil }
        switch self {
        case .cut(let link, let direction): return .heal(link, direction)
        case .shape(let link, let direction, let shape): return .unshape(link, direction, shape.kind)
        case .clog(let scope): return .unclog(scope)
        case .partition(.groups(let partition)): return .unpartition(partition)
        case .partition: return .unpartition(nil)
        case .slowPair(let from, let to, _): return .slowPair(from: from, to: to, extra: 0)
        case .unreachable(let scope, _): return .unreachable(scope, nil)
        case .refuse(let scope, _): return .refuse(scope, .never)
        case .connectHang(let scope, _): return .connectHang(scope, .never)
        case .backlogFull(let scope, _): return .backlogFull(scope, false)
        case .nameError(let host, _, _): return .nameError(host, nil, .never)
        case .close(let scope, _): return .close(scope, nil)
        case .shortRead(let scope, _): return .shortRead(scope, nil)
        case .shortWrite(let scope, _): return .shortWrite(scope, nil)
        case .slowReader(let scope, _): return .slowReader(scope, bytesPerSecond: 0)
        case .powerLoss(let host): return .powerOn(host)
        case .exit(let process), .kill(let process): return .restart(process)
        case .pause(let process): return .resume(process)
        case .clockSkew(let host, _, _): return .clockSkew(host, offset: 0, drift: 0)
        case .slowTimers(let host, _, _): return .slowTimers(host, .never, most: 0)
        case .exhaust(let host, let resource, _): return .exhaust(host, resource, nil)
        case .dropDuring(let moment, let link, let direction, _):
            return .dropDuring(moment, link, direction, .never)
        case .override(let override): return .unoverride(override)
        default: return nil
        }
    }
}

extension Action {
    /// Whether it may stand from the beginning of a run: it is a property of hosts, links or calls, and of nothing that is
    /// there only later.
    public var canStand: Bool {
        switch self {
        case .cut, .shape, .clog, .partition, .slowPair, .unreachable, .refuse, .connectHang, .backlogFull, .nameError,
            .clockSkew, .slowTimers, .exhaust, .dropDuring, .override:
            !heals
        case .close(let scope, _), .shortRead(let scope, _), .shortWrite(let scope, _), .slowReader(let scope, _):
            if case .connection = scope { false } else { !heals }
        default: false
        }
    }
}

extension LinkShape.Kind {
    /// The family of the fault catalogue that a change of the property is.
    public var family: FaultFamily {
        switch self {
        case .latency: .latency
        case .loss: .loss
        case .duplicate: .duplicate
        case .reorder: .reorder
        case .corrupt: .corrupt
        case .bandwidth: .bandwidth
        case .mtu: .mtu
        }
    }
}

/// Why an action could not be carried out.
public struct ActionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason, as a sentence for the user.
    public let description: String

    init(_ description: String) { self.description = description }
}
