import PeerNetworking

/// A host: a kernel with ports and sockets, a clock, and processes.
final class Host {
    let id: HostID
    let name: String
    let sharedTCP: SharedTCPOptions
    var tcp: TCPOptions { sharedTCP.value }
    /// It passes on what is not for it.
    let isRouter: Bool
    @exclusivity(unchecked) var isOn = true
    @exclusivity(unchecked) var processes: [Process] = []
    /// Listeners by port; looked up, never iterated over.
    @exclusivity(unchecked) var listeners: [UInt16: ListeningSocket] = [:]
    /// The next ephemeral port to try, counted from the first of the range.
    @exclusivity(unchecked) var nextEphemeralPort: UInt16 = 0
    /// Local ports that connections use; looked up, never iterated over.
    @exclusivity(unchecked) var portsInUse: Set<UInt16> = []
    /// The host's sockets, in order of creation, for power loss.
    @exclusivity(unchecked) var sockets: SocketList = SocketList()

    /// What its kernel has of what can run out.
    @exclusivity(unchecked) var limits: HostLimits
    /// Sockets that its processes have open, listeners included.
    @exclusivity(unchecked) var openSockets: Int32 = 0
    /// Bytes in the buffers of its sockets, as of the last event.
    @exclusivity(unchecked) var bufferedBytes: Int64 = 0

    // Faults
    @exclusivity(unchecked) var clock = HostClock()
    @exclusivity(unchecked) var slowTimers: SlowTimers?
    @exclusivity(unchecked) var nameFault: NameFault?
    @exclusivity(unchecked) var unreachable: Unreachability?
    @exclusivity(unchecked) var services: [ServiceFault] = []

    init(id: HostID, _ host: Topology.Host) {
        self.id = id
        name = host.name
        sharedTCP = SharedTCPOptions(host.tcp)
        isRouter = host.isRouter
        limits = host.limits
    }

    /// The first ephemeral port (Linux's `ip_local_port_range`).
    static let firstEphemeralPort: UInt16 = 32_768

    /// A free local port of the ephemeral range, or nil when all are taken.
    func takeEphemeralPort() -> UInt16? {
        let count = UInt16(clamping: min(limits.ports, HostLimits().ports))
        for _ in 0..<count {
            let port = Host.firstEphemeralPort + nextEphemeralPort % count
            nextEphemeralPort = (nextEphemeralPort + 1) % count
            if !portsInUse.contains(port), listeners[port] == nil {
                portsInUse.insert(port)
                return port
            }
        }
        return nil
    }

    /// Takes a local port that was chosen.
    ///
    /// - Returns: whether it was free.
    func take(_ port: UInt16) -> Bool {
        listeners[port] == nil && portsInUse.insert(port).inserted
    }

    /// Whether its processes may not open one socket more.
    var lacksSockets: Bool { openSockets >= limits.sockets }

    /// What keeps its processes from opening one socket more; nil where nothing does.
    var lack: NetworkError.Code? {
        if lacksSockets { return .tooManyOpenFiles }
        return lacksMemory(for: 1) ? .noBufferSpace : nil
    }

    /// What it lacks, in words.
    func text(ofLack lack: NetworkError.Code) -> String {
        lack == .tooManyOpenFiles
            ? "\(name) has \(openSockets) of \(limits.sockets) sockets open"
            : "\(name) has \(bufferedBytes) of \(limits.memory) B in its buffers"
    }

    /// Whether its buffers have no room for so many bytes more.
    @inline(__always)
    func lacksMemory(for bytes: Int64) -> Bool { limits.memory - bufferedBytes < bytes }
}

/// A host's clock: virtual time, off by something, and running fast or slow.
struct HostClock: Hashable {
    /// Nanoseconds that it is ahead at ``since``.
    var offset: Int64 = 0
    /// Nanoseconds that it gains a second.
    var drift: Int64 = 0
    /// The virtual time from which it drifts.
    var since: Int64 = 0

    @inline(__always)
    var isExact: Bool { offset == 0 && drift == 0 }

    /// What it shows at a virtual time, not before ``since``.
    func reading(at time: Int64) -> Int64 {
        let passed = (time - since).multipliedFullWidth(by: HostClock.second + drift)
        return since + offset + HostClock.second.dividingFullWidth(passed).quotient
    }

    /// The first virtual time at which it shows `reading` or more, if nobody sets it.
    ///
    /// One that is more than a century away is taken for a century away.
    func time(showing reading: Int64) -> Int64 {
        let left = min(reading, HostClock.century) - offset - since
        guard left > 0 else { return since }
        let pace = HostClock.second + drift
        let (whole, rest) = pace.dividingFullWidth(left.multipliedFullWidth(by: HostClock.second))
        // A nanosecond earlier it does not show it yet.
        return since + whole + (rest > 0 ? 1 : 0)
    }

    private static let second: Int64 = 1_000_000_000
    private static let century: Int64 = 100 * 365 * 86_400 * second
}

/// Timers that go off late.
struct SlowTimers: Hashable {
    var probability: Probability
    /// Nanoseconds, at most.
    var most: Int64
}

/// A name that fails to resolve.
struct NameFault: Hashable {
    var failure: NameFailure
    var probability: Probability
}

/// What becomes of those who want to connect to a listener.
struct ServiceFault: Hashable {
    /// The port; nil for all.
    var port: UInt16?
    var refuse: Probability = .never
    var hang: Probability = .never
    var isFull = false

    var isNeutral: Bool { refuse == .never && hang == .never && !isFull }
}

/// What is done to reads and writes of a process or a connection.
final class IOFaults {
    /// Bytes a second that reads are held to; 0 for no limit.
    @exclusivity(unchecked) var readRate: Int64 = 0 { didSet { refresh() } }
    /// No read before this time, while a rate limits it.
    @exclusivity(unchecked) var nextReadAt: Int64 = 0
    @exclusivity(unchecked) var shortRead: ShortIO? { didSet { refresh() } }
    @exclusivity(unchecked) var shortWrite: ShortIO? { didSet { refresh() } }
    @exclusivity(unchecked) var close: RandomClose? { didSet { refresh() } }
    /// Nothing is done.
    @exclusivity(unchecked) private(set) var isNeutral = true

    /// Nothing, for draws that are forced.
    static var neutral: IOFaults { IOFaults() }

    private func refresh() { isNeutral = readRate == 0 && shortRead == nil && shortWrite == nil && close == nil }
}
