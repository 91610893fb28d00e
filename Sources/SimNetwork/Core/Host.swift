import PeerNetworking
import TCP

/// A host: a kernel with ports and sockets, a clock, and processes.
final class Host {
    let id: HostID
    let name: String
    /// Its kernel's options: what is changed of them holds for sockets that are made then.
    @exclusivity(unchecked) var sharedTCP: SharedTCPOptions
    var tcp: TCPOptions { sharedTCP.options }
    /// It passes on what is not for it.
    let isRouter: Bool
    @exclusivity(unchecked) var isOn = true
    @exclusivity(unchecked) var processes: [Process] = []
    /// Listeners by port; looked up, never iterated over.
    @exclusivity(unchecked) var listeners: [UInt16: ListeningSocket] = [:]
    /// The next ephemeral port to try, counted from the first of the range.
    @exclusivity(unchecked) var nextEphemeralPort: UInt16 = 0
    /// Local ports that connections were made from.
    @exclusivity(unchecked) var ports = PortTable()
    /// What its kernel was told of the largest packets on the ways to others.
    @exclusivity(unchecked) var pathMTUs = PathMTUTable()
    /// What it knows of the connections that go through it; nil where it passes everything on.
    @exclusivity(unchecked) var middlebox: Middlebox?
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
    /// What the network says goes no further here.
    @exclusivity(unchecked) var noticeDrop = Probability.never
    @exclusivity(unchecked) var services: [ServiceFault] = []
    /// What comes to it is held back on its links.
    @exclusivity(unchecked) var holdsInbound = false
    /// What leaves it is held back on its links.
    @exclusivity(unchecked) var holdsOutbound = false

    init(id: HostID, name: String, tcp: TCPOptions, limits: HostLimits, isRouter: Bool) {
        self.id = id
        self.name = name
        self.limits = limits
        self.isRouter = isRouter
        sharedTCP = SharedTCPOptions(tcp)
    }

    /// Ends in TIME-WAIT of connections that were accepted here, by the connection's tuple. Looked up, never iterated over.
    @exclusivity(unchecked) var timeWaits: [Connection.Tuple: Socket] = [:]

    /// The first ephemeral port (Linux's `ip_local_port_range`).
    static let firstEphemeralPort: UInt16 = 32_768

    /// A local port of the ephemeral range from which a connection may be made, or nil when all are taken.
    ///
    /// - Parameter remote: where it goes; nil for a port that nothing uses.
    func ephemeralPort(to remote: PortTable.Remote?) -> UInt16? {
        let count = UInt16(clamping: min(limits.ports, HostLimits().ports))
        for _ in 0..<count {
            let port = Host.firstEphemeralPort + nextEphemeralPort % count
            nextEphemeralPort = (nextEphemeralPort + 1) % count
            let isFree = remote.map { ports.isFree(port, to: $0) } ?? !ports.isInUse(port)
            if isFree, listeners[port] == nil { return port }
        }
        return nil
    }

    /// Whether a local port that is named is nobody's.
    func isFree(_ port: UInt16) -> Bool { listeners[port] == nil && !ports.isInUse(port) }

    /// Whether a local port may be listened on. Linux refuses one of which a connection is left, also in TIME-WAIT, unless both have
    /// `SO_REUSEADDR`: one that was made from it has that only where all have, and one that was accepted at it unless none has.
    func mayListen(on port: UInt16) -> Bool {
        guard listeners[port] == nil else { return false }
        switch sharedTCP.options.addressReuse {
        case .listeners: return !ports.isInUse(port)
        case .all: return sockets.ordered.allSatisfy { !$0.isAt(port) || !$0.holdsPort || $0.tcp.state == .timeWait }
        case .off: return !ports.isInUse(port) && sockets.ordered.allSatisfy { !$0.isAt(port) }
        }
    }

    /// A port in TIME-WAIT that may be connected from again, to the same place: its socket (RFC 6191; `tcp_twsk_unique`).
    func reusableTimeWait(to remote: PortTable.Remote, at now: Int64) -> Socket? {
        guard sharedTCP.options.reusesTimeWait, sharedTCP.options.timestamps else { return nil }
        return sockets.ordered.first { socket in
            let connection = socket.connection
            return socket.tcp.state == .timeWait && socket.holdsPort && socket.tcp.isTimed
                && connection.host(socket.side.other).id.index == remote.host
                && connection.port(socket.side.other) == remote.port
                && now - socket.tcp.heardLast >= Host.reusedAfter
        }
    }

    /// A second: by then the other side's clock has gone on.
    private static let reusedAfter: Int64 = 1_000_000_000

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
