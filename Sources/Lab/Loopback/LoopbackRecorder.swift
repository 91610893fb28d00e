import NIOConcurrencyHelpers
import NIOCore
import PeerNetworking
import SimNetwork
import SocketNetwork
import TCP

/// Turns what real sockets and peers do into the same records that a simulation makes.
///
/// Heard on the event loop; taken by the session on its own thread.
final class LoopbackRecorder: SocketObserver, Sendable {
    private struct State {
        var events = 0
        var pending: [EventRecord] = []
        var peerNames: [String] = []
        /// The ends of each connection that are there, in order of opening; looked up from the newest.
        var ends: [Ends] = []
    }

    /// What is known of a connection's ends.
    struct Ends {
        var id: ConnectionID
        var client: TCPState?
        var server: TCPState?
        var clientLevels = EndLevels()
        var serverLevels = EndLevels()
    }

    private let lab: LabDefinition
    private let start = NIODeadline.now()
    private let state = NIOLockedValueBox(State())

    init(lab: LabDefinition) {
        self.lab = lab
    }

    /// Nanoseconds since the run began.
    var elapsed: Int64 { (NIODeadline.now() - start).nanoseconds }

    /// Takes the records made since the last call.
    func take() -> [EventRecord] {
        state.withLockedValue { state in
            let pending = state.pending
            state.pending = []
            return pending
        }
    }

    /// Records an event.
    func record(
        _ kind: EventKind = .observed, host: HostID? = nil, connection: ConnectionID? = nil, process: ProcessID? = nil,
        _ changes: [Change]
    ) {
        state.withLockedValue { state in
            append(to: &state, kind, host: host, connection: connection, process: process, changes)
        }
    }

    private func append(
        to state: inout State, _ kind: EventKind = .observed, host: HostID? = nil, connection: ConnectionID? = nil,
        process: ProcessID? = nil, _ changes: [Change]
    ) {
        state.events += 1
        state.pending.append(
            EventRecord(
                number: state.events, time: elapsed, kind: kind, host: host, connection: connection, process: process,
                changes: changes))
    }

    // MARK: Peers

    /// The observer of one process's peers.
    func observer(of process: ProcessID) -> any PeerObserver { ProcessObserver(recorder: self, process: process) }

    private struct ProcessObserver: PeerObserver {
        let recorder: LoopbackRecorder
        let process: ProcessID

        func register(_ name: String, queueCapacity: Int) -> PeerNumber {
            recorder.register(name, capacity: queueCapacity, process: process)
        }

        func note(_ event: PeerEvent, of peer: PeerNumber) {
            recorder.record(process: process, [.peer(peer, event)])
        }

        func note(_ event: PeerEvent, of peer: PeerNumber, in session: PeerSession) {
            recorder.record(connection: session.connection, process: process, [.peer(peer, event, in: session)])
        }
    }

    private func register(_ name: String, capacity: Int, process: ProcessID) -> PeerNumber {
        state.withLockedValue { state in
            let index = state.peerNames.firstIndex(of: name) ?? state.peerNames.count
            let number = PeerNumber(Int32(index))
            var changes: [Change] = [.peerRegistered(number, process, capacity: Int32(capacity))]
            if index == state.peerNames.count {
                state.peerNames.append(name)
                changes.insert(.name(.peer, number.index, name), at: 0)
            }
            append(to: &state, process: process, changes)
            return number
        }
    }

    // MARK: Sockets

    func connecting(_ connection: ConnectionID, from host: String, to remote: Endpoint) {
        guard let from = lab.host(host), let to = lab.host(remote.host) else { return }
        state.withLockedValue { state in
            state.ends.append(Ends(id: connection, client: .synSent))
            append(
                to: &state, host: from, connection: connection,
                [
                    .opened(connection, from: from, fromPort: 0, to: to, toPort: remote.port, by: nil),
                    .tcp(connection, .client, .synSent),
                ])
        }
    }

    func failed(_ connection: ConnectionID, _ code: NetworkError.Code) {
        change(connection, .client, to: nil, [.failed(connection, .client, code)])
    }

    func established(_ connection: ConnectionID, _ side: SocketSide, local: Endpoint, remote: Endpoint) {
        change(connection, Side(side), to: .established)
    }

    func reset(_ connection: ConnectionID, _ side: SocketSide) {
        record(connection: connection, [.failed(connection, Side(side), .connectionReset)])
    }

    func closed(_ connection: ConnectionID, _ side: SocketSide) {
        change(connection, Side(side), to: nil)
    }

    func listening(_ host: String, port: UInt16) {
        guard let id = lab.host(host) else { return }
        record(host: id, [.listening(id, port: port, true)])
    }

    func stopped(_ host: String, port: UInt16) {
        guard let id = lab.host(host) else { return }
        record(host: id, [.listening(id, port: port, false)])
    }

    private func change(_ connection: ConnectionID, _ side: Side, to new: TCPState?, _ before: [Change] = []) {
        state.withLockedValue { state in
            guard let index = state.ends.lastIndex(where: { $0.id == connection }) else { return }
            if side == .client { state.ends[index].client = new } else { state.ends[index].server = new }
            var changes = before + [.tcp(connection, side, new)]
            if state.ends[index].client == nil, state.ends[index].server == nil {
                state.ends.remove(at: index)
                changes.append(.forgotten(connection))
            }
            append(to: &state, connection: connection, changes)
        }
    }

    // MARK: The kernel

    /// The connections that have an end.
    var connections: [ConnectionID] { state.withLockedValue { $0.ends.map(\.id) } }

    /// Records what the kernel says of an end, where it differs from what was recorded.
    func kernelSays(_ kernel: SocketKernelState, of connection: ConnectionID, _ side: Side) {
        var levels = EndLevels()
        levels.sendQueued = kernel.sendQueueBytes + Int32(clamping: kernel.unsentBytes)
        levels.inFlight = kernel.sendQueueBytes
        levels.received = kernel.receiveQueueBytes + Int32(clamping: kernel.unreadBytes)
        levels.retransmissions = Int32(clamping: kernel.retransmissions)
        state.withLockedValue { state in
            guard let index = state.ends.lastIndex(where: { $0.id == connection }) else { return }
            let known = state.ends[index]
            guard (side == .client ? known.client : known.server) != nil else { return }
            var changes: [Change] = []
            if let new = TCPState(kernel.state), new != (side == .client ? known.client : known.server) {
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
            if !changes.isEmpty { append(to: &state, connection: connection, changes) }
        }
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
