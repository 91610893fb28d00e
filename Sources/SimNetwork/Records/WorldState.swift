public import PeerNetworking
public import TCP

/// The visible state of a network at one moment: what a screen may show, and what a fold over records gives.
public struct WorldState: Hashable, Sendable {
    /// Virtual time in nanoseconds.
    public internal(set) var time: Int64 = 0
    /// The number of the latest event; 0 before the first.
    public internal(set) var event = 0
    /// The hosts, by ``HostID``.
    public internal(set) var hosts: [HostState]
    /// The processes, by ``ProcessID``.
    public internal(set) var processes: [ProcessView] = []
    /// The links, by ``LinkID``.
    public internal(set) var links: [LinkState]
    /// The ports that are listened on, in order of host and port.
    public internal(set) var listeners: [ListenerState] = []
    /// The connections that are not forgotten, in order of their numbers.
    public internal(set) var connections: [ConnectionState] = []
    /// The segments on the wire, in order of their numbers.
    public internal(set) var segments = GapList<SegmentSummary>()
    /// The peers, by ``PeerNumber``.
    public internal(set) var peers: [PeerView] = []
    /// The sites that were drawn for, in order of first draw.
    public internal(set) var sites: [SiteState] = []
    /// Those of them that are buggify's.
    public var buggify: [SiteState] { sites.filter(\.isOfBuggify) }
    /// Faults that struck, by family, in order of first strike.
    public internal(set) var faults: [FaultState] = []
    /// The partitions in force, in the order in which they began.
    public internal(set) var partitions: [Partition] = []
    /// What is to happen at times of its own.
    public internal(set) var agenda = Agenda()
    /// Places among what is pending that were taken so far.
    public internal(set) var places: UInt64 = 0
    /// What numbers stand for.
    public internal(set) var names = RecordNames()
    /// What actions have set and nothing has lifted, in the order in which they did.
    public internal(set) var standing = StandingActions()
    /// Messages that nobody confirms.
    var unreliable = UnreliableMessages()
    /// Running totals.
    public internal(set) var totals = Totals()

    /// Makes the state of a network before its first event.
    public init(hosts: Int, links: Int) {
        self.hosts = Array(repeating: HostState(), count: hosts)
        self.links = Array(repeating: LinkState(), count: links)
    }

    /// The connection of a number, if it is not forgotten.
    public func connection(_ id: ConnectionID) -> ConnectionState? {
        position(of: id).map { connections[$0] }
    }

    /// Whether a direction of a link holds back what it carries, of its own or for one of its hosts.
    ///
    /// - Parameter ends: the link's two hosts, as the topology has them.
    public func isClogged(_ link: LinkID, _ direction: LinkDirection, between ends: (first: HostID, second: HostID))
        -> Bool
    {
        if links[Int(link.index)].isClogged(direction) { return true }
        let (from, to) = direction == .forward ? (ends.first, ends.second) : (ends.second, ends.first)
        return hosts[Int(from.index)].outboundClogged || hosts[Int(to.index)].inboundClogged
    }

    func position(of id: ConnectionID) -> Int? {
        // The newest is asked for most.
        if let last = connections.last, last.id == id { return connections.count - 1 }
        var low = 0
        var high = connections.count
        while low < high {
            let middle = (low + high) / 2
            if connections[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < connections.count && connections[low].id == id ? low : nil
    }
}

/// A host's visible state.
public struct HostState: Hashable, Sendable {
    /// It has power.
    public internal(set) var isOn = true
    /// What comes to it is held back on its links.
    public internal(set) var inboundClogged = false
    /// What leaves it is held back on its links.
    public internal(set) var outboundClogged = false

    /// Whether it is clogged at all.
    public var isClogged: Bool { inboundClogged || outboundClogged }
}

/// A process's visible state.
public struct ProcessView: Hashable, Sendable {
    /// Where it is in its life.
    public internal(set) var state: ProcessState = .defined
    /// Bytes a second that its reads are held to; 0 for no limit.
    public internal(set) var readRate: Int64 = 0
}

/// A listening port's visible state.
public struct ListenerState: Hashable, Sendable {
    /// Whose port it is.
    public internal(set) var host: HostID
    /// The port.
    public internal(set) var port: UInt16
    /// Connections that wait to be accepted: its accept queue.
    public internal(set) var waiting: Int32 = 0
}

/// A connection's visible state: who opened it, and what each end believes.
public struct ConnectionState: Hashable, Sendable {
    /// One end of a connection.
    public struct End: Hashable, Sendable {
        /// Whose end it is.
        public internal(set) var host: HostID
        /// Its local port.
        public internal(set) var port: UInt16
        /// What it believes; `nil` where there is no socket (any more).
        public internal(set) var state: TCPState?
        /// Whether there ever was a socket at this end.
        public internal(set) var hadSocket = false
        /// What is in its buffers, and what it knows of the way.
        public internal(set) var levels = EndLevels()
        /// How it failed, if it did.
        public internal(set) var failure: NetworkError.Code?
        /// The timer of it that is due first.
        public internal(set) var timer: RunningTimer?
        /// Those that are due later. Where its kernel's clock has ticks they are told as they were asked for.
        public internal(set) var laterTimers = TCPTimers()

        /// The timers that run at it, the first first.
        public var timers: [EndTimer] {
            (timer.map { [$0.timer] } ?? []) + laterTimers.running.map { EndTimer(kind: $0.kind, due: $0.due) }
        }

        /// Why it has no state: there was never a socket, or it is no more.
        package var absence: String { hadSocket ? "gone" : "none yet" }
    }

    /// A timer at an end, and its place among all that is pending.
    public struct RunningTimer: Hashable, Sendable {
        /// The timer.
        public internal(set) var timer: EndTimer
        /// Its place.
        public internal(set) var place: UInt64
        /// The event that set it.
        public internal(set) var cause: Int
    }

    /// The connection's number.
    public internal(set) var id: ConnectionID
    /// The end that connected.
    public internal(set) var client: End
    /// The end that was accepted.
    public internal(set) var server: End
    /// When it was opened, in nanoseconds.
    public internal(set) var openedAt: Int64
    /// Whose attempt it is, where that is known.
    public internal(set) var opener: Opener?
    /// What a server's peer has for itself at the server's end; nil where nothing was told of that yet, or nobody tells.
    public internal(set) var session: SessionView?
    /// Whether the client ever saw it established.
    public internal(set) var wasEstablished = false
    /// Since when the two ends disagree: one believes it is connected and the other has no socket or has failed.
    public internal(set) var disagreeSince: Int64?
    /// When its ends disagreed the last time, where that is over, in nanoseconds.
    public internal(set) var disagreed: Range<Int64>?

    /// The end of a side.
    public func end(_ side: Side) -> End { side == .client ? client : server }

    mutating func change(_ side: Side, _ change: (inout End) -> Void) {
        if side == .client { change(&client) } else { change(&server) }
    }

    /// Whether one end believes in the connection and the other has none.
    public var isHalfOpen: Bool {
        func believes(_ end: End) -> Bool {
            switch end.state {
            case .established, .finWait1, .finWait2, .closeWait: true
            case .closed, .synSent, .synReceived, .closing, .lastAck, .timeWait, nil: false
            }
        }
        return (believes(client) && server.state == nil) || (believes(server) && client.state == nil)
    }
}

/// A site's counts, of the simulator's or of buggify's.
public struct SiteState: Hashable, Sendable {
    /// The site.
    public internal(set) var site: DrawSite
    /// Whether this run's seed armed it.
    public internal(set) var isArmed: Bool
    /// How often it was drawn for.
    public internal(set) var draws: Int64 = 0
    /// How often it fired.
    public internal(set) var fired: Int64 = 0

    /// Whether it is one of buggify's.
    public var isOfBuggify: Bool { if case .buggify = site { true } else { false } }
}

/// A fault family's counts.
public struct FaultState: Hashable, Sendable {
    /// The family.
    public internal(set) var family: FaultFamily
    /// How often a probability of it was set: of a family that strikes where a draw says so.
    public internal(set) var set: Int64 = 0
    /// How often it was drawn for.
    public internal(set) var drawn: Int64 = 0
    /// How often it struck.
    public internal(set) var fired: Int64 = 0
    /// What it did: segments that it lost, held, damaged or copied, calls that it failed or shortened.
    public internal(set) var effects: Int64 = 0
    /// How often it was healed.
    public internal(set) var healed: Int64 = 0
}

/// Running totals of a run.
public struct Totals: Hashable, Sendable {
    /// Connections that were opened actively.
    public internal(set) var attempted: Int64 = 0
    /// Connections that a client saw established.
    public internal(set) var established: Int64 = 0
    /// Connections refused.
    public internal(set) var refused: Int64 = 0
    /// Ends that gave up waiting.
    public internal(set) var timedOut: Int64 = 0
    /// Ends that were reset.
    public internal(set) var reset: Int64 = 0
    /// Connections that were established and are no more: both ends are gone, and nothing is on the way.
    public internal(set) var closed: Int64 = 0
    /// Segments sent.
    public internal(set) var segmentsSent: Int64 = 0
    /// Segments that arrived.
    public internal(set) var segmentsArrived: Int64 = 0
    /// Segments lost.
    public internal(set) var segmentsLost: Int64 = 0
    /// Segments repeated.
    public internal(set) var retransmitted: Int64 = 0
    /// Messages that reached an application which had them already.
    public internal(set) var deliveredTwice: Int64 = 0
}
