import Foundation
import LinuxNetwork
import NIOConcurrencyHelpers
import SimNetwork
import SocketNetwork

/// The programs of a lab, each inside its host. For any thread.
final class LinuxPrograms: Sendable {
    private struct State {
        /// By the numbers of the processes; nil for peers, and for programs that do not run.
        var running: [InsideProgram?]
        /// How each ended last.
        var exits: [Int32?]
        /// What the world has said last of each.
        var said: [ProcessState]
        /// All that are to be ready have been at once.
        var haveBeenReady = false
    }

    private let lab: LabDefinition
    private let hosts: LinuxHosts
    private let state: NIOLockedValueBox<State>
    /// What they write.
    let logs: ProgramLogs

    init(_ lab: LabDefinition, in hosts: LinuxHosts) {
        (self.lab, self.hosts) = (lab, hosts)
        let none = State(
            running: lab.peers.map { _ in nil }, exits: lab.peers.map { _ in nil },
            said: lab.peers.map { _ in .defined }
        )
        state = NIOLockedValueBox(none)
        logs = ProgramLogs(lab)
    }

    /// `/etc/hosts` of all hosts: the lab's names, and no others.
    static func names(of lab: LabDefinition) -> String {
        "127.0.0.1\tlocalhost\n"
            + lab.topology.hosts.enumerated().map { index, host in
                "\(HostAddresses.benchmark.text(index))\t\(host.name)\n"
            }.joined()
    }

    /// Starts a program.
    ///
    /// - Throws: ``MachineFailure`` where nothing can be started.
    func start(_ id: ProcessID) throws(MachineFailure) {
        let peer = lab.peers[Int(id.index)]
        guard let program = peer.program else { return }
        // One that is still about to end, as it was asked to, makes room.
        if let before = state.withLockedValue({ $0.running[Int(id.index)] }) {
            before.send(.kill)
            _ = before.wait()
        }
        let log = try logs.open(peer.name)
        defer { log.close() }
        let started = try InsideProgram(
            program.command, in: hosts[peer.host], names: Self.names(of: lab),
            streams: InsideProgram.Streams(
                input: log.nothing, output: log.output, errors: log.output))
        state.withLockedValue {
            $0.running[Int(id.index)] = started
            $0.exits[Int(id.index)] = nil
        }
    }

    /// Does to a program what the world has decided of its process.
    ///
    /// - Returns: whether it is to be started.
    func follow(_ id: ProcessID, _ new: ProcessState) -> Bool {
        let before = state.withLockedValue { state in
            defer { state.said[Int(id.index)] = new }
            return state.said[Int(id.index)]
        }
        switch new {
        case .running:
            guard before == .paused else { return true }
            send(.goOn, to: id)
        case .paused: send(.stop, to: id)
        case .killed, .off: send(.kill, to: id)
        case .exited: send(.terminate, to: id)
        case .defined: break
        }
        return false
    }

    /// Ends a program that was asked to end and has not, unless it was started again since.
    func endExited(_ id: ProcessID) {
        if state.withLockedValue({ $0.said[Int(id.index)] == .exited }) { send(.kill, to: id) }
    }

    /// Does something to a program that runs.
    private func send(_ command: InsideProgram.Command, to id: ProcessID) {
        state.withLockedValue { $0.running[Int(id.index)] }?.send(command)
    }

    /// The programs that have ended since the last look.
    func takeEnded() -> [ProcessID] {
        let running = state.withLockedValue { $0.running }
        var ended: [ProcessID] = []
        for (index, program) in running.enumerated() {
            guard let status = program?.exitStatus else { continue }
            ended.append(ProcessID(index))
            state.withLockedValue {
                $0.running[index] = nil
                $0.exits[index] = status
            }
        }
        return ended
    }

    /// Whether everything has begun that comes before a process and is to be ready: listens where it says.
    func isReady(before id: ProcessID) -> Bool {
        for (index, peer) in lab.peers.enumerated() {
            // Peers come before programs, and wait for all of them.
            let isPeer = lab.peers.indices.contains(Int(id.index)) && lab.peers[Int(id.index)].program == nil
            guard let port = peer.program?.ready, isPeer || index < Int(id.index) else { continue }
            if !hosts[peer.host].listens(on: port) { return false }
        }
        state.withLockedValue { $0.haveBeenReady = true }
        return true
    }

    /// Whether all that were waited for have been ready at some time.
    var haveBeenReady: Bool { state.withLockedValue(\.haveBeenReady) }

    /// How each program stands.
    var states: [ProgramState] {
        let state = state.withLockedValue { $0 }
        return lab.peers.indices.compactMap { index in
            guard lab.peers[index].program != nil else { return nil }
            let name = lab.peers[index].name
            return ProgramState(
                name: name, isRunning: state.running[index] != nil, exit: state.exits[index], log: logs.path(of: name))
        }
    }

    /// Ends all of them, and waits for that.
    func end() {
        let running = state.withLockedValue { $0.running }
        for program in running { program?.send(.kill) }
        for program in running { _ = program?.wait() }
        logs.finish()
    }
}
