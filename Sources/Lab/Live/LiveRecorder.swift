import NIOConcurrencyHelpers
import NIOCore
import PeerNetworking
import SimNetwork
import SocketNetwork
import TCP

/// Turns what real sockets and peers do into the same records that a simulation makes.
///
/// On the event loop only.
final class LiveRecorder: SocketObserver, Sendable {
    private struct State {
        var peerNames: [String] = []
        /// How often somebody has begun to listen.
        var listeners = 0
        /// The ends of each connection that are there, in order of opening; looked up from the newest.
        var ends: [Ends] = []
    }

    /// Whether a connection's segments are seen: then its states are told by these.
    private func isOnWire(_ from: HostID, _ to: HostID) -> Bool { hasWire && from != to }

    /// What is known of a connection's ends.
    struct Ends {
        var id: ConnectionID
        var client: TCPState?
        var server: TCPState?
        var clientLevels = EndLevels()
        var serverLevels = EndLevels()
        /// Its states are told by its segments.
        let isOnWire: Bool
    }

    private let lab: LabDefinition
    private let world: LiveWorld
    /// The hosts have a wire between them.
    private let hasWire: Bool
    private let state = NIOLockedValueBox(State())

    init(lab: LabDefinition, world: LiveWorld, hasWire: Bool) {
        self.lab = lab
        self.world = world
        self.hasWire = hasWire
    }

    // MARK: Peers

    /// The observer of the peers of one life of a process: once that is over, nothing of it is heard any more.
    func observer(of process: ProcessID, in life: SocketProcess) -> any PeerObserver {
        ProcessObserver(recorder: self, process: process, life: life)
    }

    private struct ProcessObserver: PeerObserver {
        let recorder: LiveRecorder
        let process: ProcessID
        let life: SocketProcess

        func register(_ name: String, queueCapacity: Int) -> PeerNumber {
            recorder.register(name, capacity: queueCapacity, process: process, isAlive: !life.isDead)
        }

        func note(_ event: PeerEvent, of peer: PeerNumber) {
            guard !life.isDead else { return }
            recorder.world.note(process: process, [.peer(peer, event)])
        }

        func note(_ event: PeerEvent, of peer: PeerNumber, in session: PeerSession) {
            guard !life.isDead else { return }
            recorder.world.note(connection: session.connection, process: process, [.peer(peer, event, in: session)])
        }
    }

    private func register(_ name: String, capacity: Int, process: ProcessID, isAlive: Bool) -> PeerNumber {
        let (number, isNew) = state.withLockedValue { state in
            if let index = state.peerNames.firstIndex(of: name) { return (PeerNumber(Int32(index)), false) }
            state.peerNames.append(name)
            return (PeerNumber(Int32(state.peerNames.count - 1)), true)
        }
        var changes: [Change] = isNew ? [.name(.peer, number.index, name)] : []
        if isAlive { changes.append(.peerRegistered(number, process, capacity: Int32(capacity))) }
        if !changes.isEmpty { world.note(process: process, changes) }
        return number
    }

    // MARK: Sockets

    func connecting(_ connection: ConnectionID, by process: Int?, from local: Endpoint, to remote: Endpoint) {
        guard let from = lab.host(local.host), let to = lab.host(remote.host) else { return }
        let isOnWire = isOnWire(from, to)
        state.withLockedValue { $0.ends.append(Ends(id: connection, client: .synSent, isOnWire: isOnWire)) }
        if isOnWire {
            return world.open(
                connection, from: (from, local.port), to: (to, remote.port), by: process.map { ProcessID($0) })
        }
        world.note(opened: connection, from: from, to: to, port: remote.port)
    }

    func failed(_ connection: ConnectionID, _ code: NetworkError.Code) {
        change(connection, .client, to: nil, [.failed(connection, .client, code)])
        world.forget(connection)
    }

    func established(_ connection: ConnectionID, _ side: SocketSide, local: Endpoint, remote: Endpoint) {
        change(connection, Side(side), to: .established)
    }

    func broken(_ connection: ConnectionID, _ side: SocketSide, _ code: NetworkError.Code) {
        world.note(connection: connection, [.failed(connection, Side(side), code)])
    }

    func closed(_ connection: ConnectionID, _ side: SocketSide) {
        change(connection, Side(side), to: nil)
    }

    func listening(_ host: String, port: UInt16) {
        guard let id = lab.host(host) else { return }
        state.withLockedValue { $0.listeners += 1 }
        world.note(host: id, [.listening(id, port: port, true)])
    }

    func stopped(_ host: String, port: UInt16) {
        guard let id = lab.host(host) else { return }
        world.note(host: id, [.listening(id, port: port, false)])
    }

    private func change(_ connection: ConnectionID, _ side: Side, to new: TCPState?, _ before: [Change] = []) {
        let changes: [Change]? = state.withLockedValue { state in
            guard let index = state.ends.lastIndex(where: { $0.id == connection }) else { return nil }
            if side == .client { state.ends[index].client = new } else { state.ends[index].server = new }
            let isOnWire = state.ends[index].isOnWire
            let changes = before + (isOnWire ? [] : [.tcp(connection, side, new)])
            guard state.ends[index].client == nil, state.ends[index].server == nil else { return changes }
            state.ends.remove(at: index)
            return changes + (isOnWire ? [] : [.forgotten(connection)])
        }
        if let changes, !changes.isEmpty { world.note(connection: connection, changes) }
    }

    /// How often somebody has begun to listen.
    var listeners: Int { state.withLockedValue(\.listeners) }

    // MARK: The kernel

    /// The connections that have an end.
    var connections: [ConnectionID] { state.withLockedValue { $0.ends.map(\.id) } }

    /// Records what the kernel says of an end, where it differs from what was recorded.
    func kernelSays(_ kernel: SocketKernelState, of connection: ConnectionID, _ side: Side) {
        var levels = EndLevels()
        levels.sendQueued = kernel.sendQueueBytes + Int32(clamping: kernel.unsentBytes)
        levels.inFlight = kernel.sendQueueBytes
        levels.received = kernel.receiveQueueBytes + Int32(clamping: kernel.unreadBytes)
        // On a wire they are seen, and counted there.
        levels.retransmissions = hasWire ? 0 : Int32(clamping: kernel.retransmissions)
        if hasWire { levels.take(kernel) }
        let changes: [Change] = state.withLockedValue { state in
            guard let index = state.ends.lastIndex(where: { $0.id == connection }) else { return [] }
            let known = state.ends[index]
            guard (side == .client ? known.client : known.server) != nil else { return [] }
            var changes: [Change] = []
            if !known.isOnWire, let new = TCPState(kernel.state), new != (side == .client ? known.client : known.server)
            {
                if side == .client { state.ends[index].client = new } else { state.ends[index].server = new }
                changes.append(.tcp(connection, side, new))
            }
            let before = side == .client ? known.clientLevels : known.serverLevels
            if levels != before {
                if side == .client {
                    state.ends[index].clientLevels = levels
                } else {
                    state.ends[index].serverLevels = levels
                }
                changes.append(.end(connection, side, EndChange(levels, since: before)))
            }
            return changes
        }
        if !changes.isEmpty { world.note(connection: connection, changes) }
    }
}

extension EndLevels {
    /// What a kernel's sender knows of the way.
    fileprivate mutating func take(_ kernel: SocketKernelState) {
        let sending = kernel.sending
        congestionWindow = Int32(clamping: sending.congestionWindow)
        slowStartThreshold = Int32(clamping: sending.slowStartThreshold)
        recovery = Int32(sending.recovery)
        smoothedRoundTrip = Int32(clamping: kernel.roundTripMicroseconds)
        roundTripDeviation = Int32(clamping: sending.deviation)
        retransmissionTimeout = Int32(clamping: sending.timeout)
        backoff = Int32(sending.backoff)
        guard sending.recovery != 0 else { return }
        sackedSegments = Int32(clamping: sending.sacked)
        lostSegments = Int32(clamping: sending.lost)
        pipe =
            Int32(clamping: kernel.unacknowledgedSegments) - sackedSegments - lostSegments
            + Int32(clamping: sending.repeated)
    }
}

extension Side {
    init(_ side: SocketSide) {
        self = side == .client ? .client : .server
    }
}

extension SocketSide {
    init(_ side: Side) {
        self = side == .client ? .client : .server
    }
}

extension TCPState {
    init?(_ kernel: SocketKernelState.TCPState) {
        switch kernel {
        case .established: self = .established
        case .synSent: self = .synSent
        case .synReceived: self = .synReceived
        case .finWait1: self = .finWait1
        case .finWait2: self = .finWait2
        case .timeWait: self = .timeWait
        case .closed: self = .closed
        case .closeWait: self = .closeWait
        case .lastAck: self = .lastAck
        case .closing: self = .closing
        case .listen: return nil
        }
    }
}
