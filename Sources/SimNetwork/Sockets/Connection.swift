import PeerNetworking
import TCP

/// A connection as the wire sees it: two ends, each of which may be gone, and the path of links between them.
final class Connection {
    // Members stand so that nothing is padded, and what few connections need is made when they do: a large lab has many of these.

    let id: ConnectionID
    let clientPort: UInt16
    let serverPort: UInt16
    /// The client's host, then the server's: the world holds them, and they are not counted here.
    private let ends: (client: Unmanaged<Host>, server: Unmanaged<Host>)
    /// The first link of the way from client to server, which the world holds, and its direction there; nil on one host.
    let firstLink: Unmanaged<Link>?
    /// The whole way from client to server where it takes more than one link; empty otherwise.
    let path: [Hop]
    @exclusivity(unchecked) var client: Socket?
    @exclusivity(unchecked) var server: Socket?
    /// How many sockets its server's end has had: an old duplicate SYN makes a further one.
    @exclusivity(unchecked) var serverLives: UInt32 = 0
    /// The initial number of the latest of them: by it a client knows which has answered.
    @exclusivity(unchecked) var serverInitial: UInt32 = 0
    /// Segments sent so far by each side: their ordinals are stable names for interventions.
    @exclusivity(unchecked) var segmentsSent = SideCounts()
    /// Segments without payload sent so far by each side: what their draws are numbered by.
    @exclusivity(unchecked) var controlsSent = SideCounts()
    /// Who asked for it, where that is known, and which of its attempts at this port it is, from 1.
    let opener: (process: Process?, attempt: UInt32)
    /// Segments in flight; the connection is forgotten when there are none and both ends are gone.
    @exclusivity(unchecked) var segmentsInFlight: Int32 = 0
    @exclusivity(unchecked) private var knownKey: UInt64 = 0
    @exclusivity(unchecked) private var seldom = Rare<Seldom>()
    let direction: LinkDirection
    /// The end that answers nothing any more, as if its machine were gone.
    @exclusivity(unchecked) var mute: Side?
    /// What the listener's faults have decided for it.
    @exclusivity(unchecked) var fate: Fate?

    /// What few connections have.
    private struct Seldom: Blank {
        /// Bytes that were sent more than once and are not acknowledged.
        var repetitions: [Repetition] = []
        /// How often was drawn for it and its ends.
        var draws = DrawCounts()
        /// What is done to reads and writes on it; nil for what its processes have.
        var io: IOFaults?
        /// What was written and read, where the invariants are checked.
        var audit: ConnectionAudit?
        /// What is seen of its two kernels, where they are outside.
        var seen: Seen?
    }

    private final class Seen {
        var outside: OutsideConnection

        init(_ outside: OutsideConnection) { self.outside = outside }
    }

    /// Changes what is noted of bytes that were sent more than once and are not acknowledged.
    func changeRepetitions<Result>(_ change: (inout [Repetition]) -> Result) -> Result {
        seldom.change { change(&$0.repetitions) }
    }

    /// Counts a draw that is made for it or one of its ends.
    ///
    /// - Returns: how many there were of its scope, with this.
    func countDraw(_ scope: UInt64) -> UInt64 { seldom.change { $0.draws.increment(scope) } }

    /// What is done to reads and writes on it; nil for what its processes have.
    var io: IOFaults? {
        get { seldom.ask { $0.io } ?? nil }
        set { seldom.change { $0.io = newValue } }
    }

    /// What was written and read, where the invariants are checked.
    var audit: ConnectionAudit? {
        get { seldom.ask { $0.audit } ?? nil }
        set { seldom.change { $0.audit = newValue } }
    }

    /// What is seen of its two kernels, where they are outside.
    var outside: OutsideConnection? {
        get { seldom.ask { $0.seen?.outside } ?? nil }
        set {
            seldom.change { seldom in
                guard let newValue else { return seldom.seen = nil }
                if let seen = seldom.seen { seen.outside = newValue } else { seldom.seen = Seen(newValue) }
            }
        }
    }

    /// Whether its kernels are outside.
    @inline(__always)
    var isOutside: Bool { seldom.ask { $0.seen != nil } ?? false }

    /// Bytes that were sent more than once and are not acknowledged.
    struct Repetition {
        let side: Side
        let sequence: Int64
        var transmissions: UInt32
    }

    /// What becomes of an attempt to connect.
    enum Fate {
        /// It is answered with a reset.
        case refused
        /// It is not answered.
        case ignored
        /// It was drawn for, and goes on as if nothing were the matter.
        case spared
    }

    /// Makes a connection.
    ///
    /// - Parameter path: the hops from client to server; none on one host.
    init(
        id: ConnectionID, client: Host, server: Host, clientPort: UInt16, serverPort: UInt16, path: [Hop],
        opener: (process: Process?, attempt: UInt32)
    ) {
        self.id = id
        self.opener = opener
        ends = (.passUnretained(client), .passUnretained(server))
        self.clientPort = clientPort
        self.serverPort = serverPort
        firstLink = path.first.map { .passUnretained($0.link) }
        direction = path.first?.direction ?? .forward
        self.path = path.count > 1 ? path : []
    }

    /// Whether its two ends are of one connection: the client has been answered by the socket that is there now, or by none.
    var isOfOneLife: Bool {
        guard serverLives > 1, let client, client.tcp.state != .synSent else { return true }
        return client.tcp.receiver.initial == serverInitial
    }

    /// Whether a socket is the one at its end.
    @inline(__always)
    func holds(_ socket: Socket) -> Bool { socket.side == .client ? client === socket : server === socket }

    @inline(__always)
    func socket(_ side: Side) -> Socket? { side == .client ? client : server }

    /// The socket of a side, to be used without counting it.
    @inline(__always)
    func reference(_ side: Side) -> Unmanaged<Socket>? { socket(side).map { .passUnretained($0) } }

    @inline(__always)
    func host(_ side: Side) -> Host { end(side).takeUnretainedValue() }

    /// The host of a side, to be used without counting it.
    @inline(__always)
    func end(_ side: Side) -> Unmanaged<Host> { side == .client ? ends.client : ends.server }

    var link: Link? { firstLink?.takeUnretainedValue() }

    func port(_ side: Side) -> UInt16 { side == .client ? clientPort : serverPort }

    /// What tells it from all others that are open: two hosts and two ports.
    struct Tuple: Hashable {
        let client: HostID
        let server: HostID
        let clientPort: UInt16
        let serverPort: UInt16
    }

    var tuple: Tuple {
        Tuple(client: host(.client).id, server: host(.server).id, clientPort: clientPort, serverPort: serverPort)
    }

    func endpoint(_ side: Side) -> Endpoint { Endpoint(host: host(side).name, port: port(side)) }

    /// The stable hash of its name, which keys its draws; made at the first.
    var key: UInt64 {
        if knownKey == 0 { knownKey = Draw.stableHash(name) }
        return knownKey
    }

    /// The stable name: who asks whom, and for which time. Not the client's port, which hangs on what was open before.
    var name: String {
        "\(opener.process?.stableName ?? host(.client).name)→\(host(.server).name):\(serverPort)/\(opener.attempt)"
    }

    // MARK: The way

    /// How many links the way has.
    var hops: Int { path.isEmpty ? (firstLink == nil ? 0 : 1) : path.count }

    /// The `index`-th hop of the way of what a side sends, or nil beyond its end.
    @inline(__always)
    func hop(_ index: Int, from side: Side) -> Hop? {
        if path.isEmpty {
            guard index == 0, let link else { return nil }
            return Hop(link: link, direction: side == .client ? direction : direction.opposite)
        }
        guard index < path.count else { return nil }
        if side == .client { return path[index] }
        let hop = path[path.count - 1 - index]
        return Hop(link: hop.link, direction: hop.direction.opposite)
    }

    /// The host at the end of a hop: the receiver's after the last.
    @inline(__always)
    func host(after index: Int, from side: Side) -> Unmanaged<Host> {
        guard !path.isEmpty, let hop = hop(index, from: side) else { return end(side.other) }
        return .passUnretained(hop.link.receiver(hop.direction))
    }

    /// Whether an end answers nothing.
    @inline(__always)
    func isMute(_ side: Side) -> Bool { mute == side }

    /// Payload bytes of the largest segment that a side's own link takes: all that its kernel knows of the way when the
    /// connection is made. Of the rest it is told, or not (RFC 1191).
    func maximumSegmentSize(from side: Side) -> Int32 {
        guard let hop = hop(0, from: side) else { return .max }
        return hop.link[hop.direction].properties.knownMTU - LinkProperties.headerBytes
    }
}
