import PeerNetworking
import TCP

/// The shell around a ``TCPEndpoint``: the tasks that wait on it, its timer, its place in the world.
///
/// Members stand so that nothing is padded, and what most ends never need is made when they do: a large lab has many of these.
final class Socket {
    let connection: Connection
    let host: Host
    @exclusivity(unchecked) var tcp: TCPEndpoint
    let side: Side
    /// It holds its local port; a connection accepted by a listener shares the listener's.
    let holdsPort: Bool
    /// It is in the world's list of sockets that may have something to send.
    @exclusivity(unchecked) var isDirty = false
    /// The application has been told how it failed.
    @exclusivity(unchecked) var isFailureTold = false
    /// The application has closed it.
    @exclusivity(unchecked) var isClosedHere = false
    /// A fault has ended what the application can read.
    @exclusivity(unchecked) var isReadingOver = false
    /// The state that was last recorded of it.
    @exclusivity(unchecked) var recordedState: TCPState = .closed
    /// What was last recorded of its levels.
    @exclusivity(unchecked) var recordedLevels = EndLevels()
    /// The endpoint's timers as they were last recorded.
    @exclusivity(unchecked) var recordedTimers = TCPTimers()
    /// Ticks a second of its kernel's clock; 0 for one without.
    let hz: Int32
    /// The one of its timers that is due first, its place among what is pending, and the event that set it.
    @exclusivity(unchecked) var timer: EndTimer?
    /// Its place in its host's list.
    @exclusivity(unchecked) var hostPosition: Int32 = 0
    @exclusivity(unchecked) var timerPlace: UInt64 = 0
    @exclusivity(unchecked) var timerSetBy = 0
    /// When that was to be due, where its kernel's clock has ticks.
    @exclusivity(unchecked) var timerAsked: Int64 = 0
    /// The entry of the queue that looks at the timer, and when; not later than the timer itself.
    @exclusivity(unchecked) var wakeUp: (id: TimerID, due: Int64)?
    /// Its process holds a descriptor of it.
    @exclusivity(unchecked) private var isHeld = false
    /// The life whose handles reach it, open or closed; nil before it is accepted.
    @exclusivity(unchecked) private(set) var owner: ProcessLife?
    /// The listener in whose backlog it waits.
    @exclusivity(unchecked) var listener: ListeningSocket?
    /// What faults of its reads and writes keep of it.
    @exclusivity(unchecked) var faulted = Rare<Faulted>()
    // Held by hand: to wake who waits there costs no counting then.
    @exclusivity(unchecked) private var readingSlot: Unmanaged<WaitSlot>?
    @exclusivity(unchecked) private var writingSlot: Unmanaged<WaitSlot>?

    /// What faults of its reads and writes keep of a socket.
    struct Faulted: Blank {
        /// The stable hash that keys its draws; 0 before the first.
        var key: UInt64 = 0
        /// The timer that lets a slow reader go on.
        var readTimer: TimerID?
        /// It is closed under the next read or write.
        var closeDue: RandomClose?
    }

    /// - Parameter seed: the run's, by which its initial number and its clock are drawn.
    init(connection: Connection, side: Side, holdsPort: Bool, seed: UInt64, at now: Int64) {
        self.connection = connection
        self.side = side
        self.holdsPort = holdsPort
        host = connection.host(side)
        hz = host.sharedTCP.options.hz
        if side == .server {
            connection.serverLives += 1
            // What was written and read before belongs to the socket that was before.
            if connection.serverLives > 1, connection.audit != nil { connection.audit = ConnectionAudit() }
        }
        // Each socket of a connection has numbers of its own: they tell an old segment from one of now (RFC 9293, 3.4.1).
        let life = side == .client ? 0 : connection.serverLives
        let bits = Draw.bits(
            seed: seed, site: Socket.numberSite, subject: connection.key,
            number: UInt64(life) << 1 | UInt64(side.rawValue))
        var largest = connection.maximumSegmentSize(from: side)
        if let told = host.pathMTUs.mtu(to: connection.host(side.other).id, at: now) {
            largest = min(largest, told - LinkProperties.headerBytes)
        }
        tcp = TCPEndpoint(
            host.sharedTCP, initial: UInt32(truncatingIfNeeded: bits),
            clockOffset: UInt32(truncatingIfNeeded: bits >> 32),
            largest: largest)
        if side == .server { connection.serverInitial = tcp.sender.initial }
    }

    private static let numberSite = Draw.stableHash("tcp.initial-number")

    /// The process life that owns it; nil before it is accepted and after it is closed.
    var life: ProcessLife? { isHeld ? owner : nil }

    /// A process has opened it, or accepted it.
    func open(in life: ProcessLife) {
        owner = life
        isHeld = true
        life.openDescriptor()
    }

    /// Its process does not hold it any more.
    func letGo() {
        guard isHeld else { return }
        isHeld = false
        owner?.closeDescriptor()
    }

    deinit {
        readingSlot?.release()
        writingSlot?.release()
    }

    /// Where who reads it waits; made at the first wait.
    var reading: WaitSlot { Self.slot(in: &readingSlot) }
    /// Nobody reads before the connection is open, so both wait in one place.
    var connecting: WaitSlot { reading }
    /// Where who writes it waits; made at the first wait for room.
    var writing: WaitSlot { Self.slot(in: &writingSlot) }

    @inline(__always)
    private static func slot(in place: inout Unmanaged<WaitSlot>?) -> WaitSlot {
        if let place { return place.takeUnretainedValue() }
        let slot = WaitSlot()
        place = .passRetained(slot)
        return slot
    }

    /// Nobody waits for the connection any more: where it is read is made when somebody does.
    func endConnecting() {
        readingSlot?.release()
        readingSlot = nil
    }

    @inline(__always)
    func wakeReader() { readingSlot?._withUnsafeGuaranteedRef { $0.wake() } }

    @inline(__always)
    func wakeWriter() { writingSlot?._withUnsafeGuaranteedRef { $0.wake() } }

    /// Whether a port is its local one.
    func isAt(_ port: UInt16) -> Bool { connection.port(side) == port }

    func error(_ code: NetworkError.Code, during operation: NetworkError.Operation) -> NetworkError {
        NetworkError(
            code, during: operation, local: connection.endpoint(side), remote: connection.endpoint(side.other))
    }
}

/// The sockets of a host; removal is constant in time and keeps no order, so a walk sorts by connection first.
struct SocketList {
    private var sockets: [Socket] = []

    mutating func append(_ socket: Socket) {
        socket.hostPosition = Int32(sockets.count)
        sockets.append(socket)
    }

    mutating func remove(_ socket: Socket) {
        let position = Int(socket.hostPosition)
        guard position < sockets.count, sockets[position] === socket else { return }
        let last = sockets.removeLast()
        if last !== socket {
            sockets[position] = last
            last.hostPosition = socket.hostPosition
        }
    }

    var count: Int { sockets.count }

    /// In the order of their connections' numbers; of two ends on one host the client's comes first.
    var ordered: [Socket] {
        sockets.sorted { ($0.connection.id, $0.side.rawValue) < ($1.connection.id, $1.side.rawValue) }
    }
}

/// A port that a process listens on.
final class ListeningSocket {
    let host: Host
    let port: UInt16
    let life: ProcessLife
    /// What `listen` was told: the host's option of then.
    let backlog: Int
    /// Connections whose handshake is complete, oldest first: the accept queue.
    @exclusivity(unchecked) var completed: [Socket] = []
    /// Handshakes under way of which something is kept: the SYN queue.
    @exclusivity(unchecked) var handshakes = 0
    @exclusivity(unchecked) var isClosed = false
    let accepting = WaitSlot()

    /// Whether the accept queue takes no more: Linux's holds one more than `listen` was told (`sk_acceptq_is_full`).
    var isFull: Bool { completed.count > backlog }

    /// Whether the SYN queue takes no more: Linux's holds one more than `listen` was told, too (`inet_csk_reqsk_queue_is_full`).
    var hasNoRoomForHandshakes: Bool { handshakes > backlog }

    init(host: Host, port: UInt16, life: ProcessLife) {
        self.host = host
        self.port = port
        self.life = life
        backlog = Int(host.tcp.backlog)
    }
}
