import CPrefetch
import PeerNetworking
import TCP

/// The shell around a ``TCPEndpoint``: the tasks that wait on it, its timer, its place in the world.
///
/// Members stand so that nothing is padded, and what most ends never need is made when they do: a large lab has many of these.
final class Socket {
    let connection: Connection
    let host: Host
    /// What was last recorded of its levels, those of losses apart.
    @exclusivity(unchecked) private var usualLevels = EndLevels.Usual()
    @exclusivity(unchecked) var tcp: TCPEndpoint
    /// The endpoint's timers as they were last recorded.
    @exclusivity(unchecked) var recordedTimers = TCPTimers()
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
    /// The first of its timers has come, and what is to come next is not taken up yet.
    @exclusivity(unchecked) private var isTimerOver = false
    /// Its connection has let it go.
    @exclusivity(unchecked) var isDetached = false
    /// Its process holds a descriptor of it.
    @exclusivity(unchecked) private var isHeld = false
    /// Its place in its host's list.
    @exclusivity(unchecked) var hostPosition: Int32 = 0
    /// The place of its first timer among what is pending, and the event that set it.
    @exclusivity(unchecked) var timerPlace: UInt64 = 0
    @exclusivity(unchecked) var timerSetBy = 0
    @exclusivity(unchecked) private var wakeUpID = TimerID(index: 0, generation: 0)
    @exclusivity(unchecked) private var wakeUpDue = Int64.max
    @exclusivity(unchecked) private var holder = Holder.nobody
    /// What few sockets have.
    @exclusivity(unchecked) var seldom = Rare<Seldom>()
    // Held by hand: to wake who waits there costs no counting then.
    @exclusivity(unchecked) private var readingSlot: Unmanaged<WaitSlot>?

    /// Who has it.
    private enum Holder {
        case nobody
        /// The listener in whose backlog it waits.
        case listener(ListeningSocket)
        /// The life whose handles reach it, open or closed.
        case life(ProcessLife)
    }

    /// What few sockets have.
    struct Seldom: Blank {
        /// The stable hash that keys the draws of its reads and writes; 0 before the first.
        var key: UInt64 = 0
        /// The timer that lets a slow reader go on.
        var readTimer: TimerID?
        /// It is closed under the next read or write.
        var closeDue: RandomClose?
        /// When its first timer is due by its kernel's clock, where that has ticks.
        var tick: Int64 = 0
        /// What was last recorded of its levels of losses.
        var lossLevels = EndLevels.Losses.zero
        /// Where who writes it waits.
        var writing: WaitSlot?
    }

    /// - Parameter seed: the run's, by which its initial number and its clock are drawn.
    init(connection: Connection, side: Side, holdsPort: Bool, seed: UInt64, at now: Int64) {
        self.connection = connection
        self.side = side
        self.holdsPort = holdsPort
        host = connection.host(side)
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

    // MARK: Its timer

    /// Ticks a second of its kernel's clock; 0 for one without.
    @inline(__always)
    var hz: Int32 { tcp.shared.options.hz }

    /// The one of its timers that is due first, when its kernel's clock lets it come; nil where none runs, or where it has come
    /// and what is next was not taken up yet.
    @inline(__always)
    var timer: EndTimer? {
        guard !isTimerOver, let first = recordedTimers.next else { return nil }
        return EndTimer(kind: first.kind, due: hz > 0 ? tick : first.due)
    }

    /// Takes up the endpoint's timers.
    ///
    /// - Parameter due: when the first of them comes, where one runs.
    @inline(__always)
    func record(_ timers: TCPTimers, due: Int64?) {
        recordedTimers = timers
        isTimerOver = false
        if hz > 0, let due { tick = due }
    }

    /// When its first timer is due by its kernel's clock, where that has ticks.
    private var tick: Int64 {
        @inline(never) get { seldom[\.tick] }
        @inline(never) set { seldom[\.tick] = newValue }
    }

    /// The timer has come, or is not waited for any more.
    @inline(__always)
    func endTimer() { isTimerOver = true }

    /// The entry of the queue that looks at the timer, and when; not later than the timer itself.
    @inline(__always)
    var wakeUp: (id: TimerID, due: Int64)? {
        get { wakeUpDue == .max ? nil : (wakeUpID, wakeUpDue) }
        set {
            wakeUpDue = newValue?.due ?? .max
            if let newValue { wakeUpID = newValue.id }
        }
    }

    // MARK: Its levels

    /// What was last recorded of its levels.
    @inline(__always)
    var recordedLevels: EndLevels {
        get { EndLevels(usualLevels, seldom.ask { $0.lossLevels } ?? .zero) }
        set {
            usualLevels = newValue.usual
            if newValue.haveLosses || !seldom.isBlank { seldom[\.lossLevels] = newValue.losses }
        }
    }

    // MARK: Who has it

    /// The process life that owns it; nil before it is accepted and after it is closed.
    var life: ProcessLife? { isHeld ? owner : nil }

    /// The life whose handles reach it, open or closed; nil before it is accepted.
    @inline(__always)
    var owner: ProcessLife? { if case .life(let life) = holder { life } else { nil } }

    /// The listener in whose backlog it waits.
    @inline(__always)
    var listener: ListeningSocket? { if case .listener(let listener) = holder { listener } else { nil } }

    /// It waits in the backlog of a listener.
    func wait(in listener: ListeningSocket) { holder = .listener(listener) }

    /// It waits in no backlog any more.
    func leaveListener() { if case .listener = holder { holder = .nobody } }

    /// A process has opened it, or accepted it.
    func open(in life: ProcessLife) {
        holder = .life(life)
        isHeld = true
        life.openDescriptor()
    }

    /// Its process does not hold it any more.
    func letGo() {
        guard isHeld else { return }
        isHeld = false
        owner?.closeDescriptor()
    }

    deinit { readingSlot?.release() }

    // MARK: Who waits

    /// Where who reads it waits; made at the first wait.
    @inline(__always)
    var reading: WaitSlot {
        if let readingSlot { return readingSlot.takeUnretainedValue() }
        let slot = WaitSlot()
        readingSlot = .passRetained(slot)
        return slot
    }

    /// Nobody reads before the connection is open, so both wait in one place.
    var connecting: WaitSlot { reading }

    /// Where who writes it waits; made at the first wait for room.
    var writing: WaitSlot {
        seldom.change { seldom in
            let slot = seldom.writing ?? WaitSlot()
            seldom.writing = slot
            return slot
        }
    }

    /// Nobody waits for the connection any more: where it is read is made when somebody does.
    func endConnecting() {
        readingSlot?.release()
        readingSlot = nil
    }

    @inline(__always)
    func wakeReader() { readingSlot?._withUnsafeGuaranteedRef { $0.wake() } }

    @inline(__always)
    func wakeWriter() { seldom.ask { $0.writing?.wake() } }

    /// Asks for who waits to read it.
    @inline(__always)
    func foreseeReader() {
        if let readingSlot { peerlab_prefetch(readingSlot.toOpaque(), ForeseenBytes.waitSlot) }
        if case .life(let life) = holder {
            peerlab_prefetch(Unmanaged.passUnretained(life).toOpaque(), ForeseenBytes.life)
        }
    }

    /// Asks for what it takes to wake who waits to read it.
    @inline(__always)
    func foreseeTask() { readingSlot?._withUnsafeGuaranteedRef { $0.foresee() } }

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
