import NIOConcurrencyHelpers
import PeerNetworking
import SimNetwork
import SocketNetwork
import TCP

// What the run's world has decided, and only the sockets outside can have done to them.
extension LiveRun {
    /// What connections an action means: one, or those of a process.
    private enum Meant {
        case connection(ConnectionID)
        case process(ProcessID)

        init?(_ action: Action) {
            let operand = action.operands["of"] ?? action.operands["connection"]
            if case .connection(let id)? = operand {
                self = .connection(id)
            } else if case .peer(let id)? = operand {
                self = .process(id)
            } else {
                return nil
            }
        }
    }

    /// Why nothing can be done to the connections that an action means; nil where something can. On the world's loop.
    func obstacle(toConnectionsOf action: Action) -> String? {
        switch Meant(action) {
        case .connection(let id)?:
            if recorder.connections.contains(id) { return nil }
            guard isOfPrograms(id) else { return "there is no open \(id)" }
            return Self.ofPrograms.contains(action.family)
                ? nil : "\(id) is between programs, whose sockets only they have a hand on"
        case .process(let id)?:
            let peer = lab.peers[Int(id.index)]
            if peer.program != nil {
                guard Self.ofPrograms.contains(action.family) else {
                    return "\(peer.name) is a program, and only it has a hand on its sockets"
                }
                return ends(ofProgram: id).isEmpty ? "\(peer.name) has no connection" : nil
            }
            let process = processes.withLockedValue { $0[Int(id.index)] }
            let hasSome = process.map { !$0.isDead && $0.openSockets > 0 } ?? false
            return hasSome ? nil : "\(peer.name) has no connection"
        case nil: return "nothing is named to do it to"
        }
    }

    /// What the wire can do to connections of programs.
    private static let ofPrograms: Set<FaultFamily> = [.reset, .halfOpen]

    /// Whether a connection is open that no peer has an end of.
    private func isOfPrograms(_ id: ConnectionID) -> Bool {
        wire != nil && !recorder.connections.contains(id) && Side.allCases.contains { world.end(id, $0) != nil }
    }

    /// The connections of a program, as far as that is told by its host: those that no peer has an end of.
    private func ends(ofProgram id: ProcessID) -> [(connection: ConnectionID, side: Side)] {
        world.ends(at: lab.peers[Int(id.index)].host).filter { isOfPrograms($0.connection) }
    }

    /// Ends of programs are told of a reset; of one that vanishes the other side is told nothing.
    private func carryOut(_ family: FaultFamily, of ends: [(connection: ConnectionID, side: Side)]) {
        for (id, side) in ends {
            if family == .halfOpen { world.mute(id, side) }
            world.breakOff(id, at: family == .reset ? Side.allCases : [side])
        }
    }

    /// Does something to connections; on the world's loop.
    func carryOut(_ action: Action) {
        let family = action.family
        let side: Side? = if case .side(let side)? = action.operands["side"] { side } else { nil }
        switch Meant(action) {
        case .connection(let id)?:
            if isOfPrograms(id) { return carryOut(family, of: [(id, side ?? .client)]) }
            if family == .reset { return onPeersLoop { $0.run.breakOff(id) } }
            if family == .halfClose { return onPeersLoop { $0.run.halfClose(id, SocketSide(side ?? .client)) } }
            if family == .halfOpen { return vanish([(id, side ?? .client)]) }
            setOption(action, of: id, side)
        case .process(let id)?:
            if lab.peers[Int(id.index)].program != nil { return carryOut(family, of: ends(ofProgram: id)) }
            guard let process = processes.withLockedValue({ $0[Int(id.index)] }) else { return }
            if family == .reset { return process.breakConnectionsOff() }
            if family == .halfClose { return process.halfCloseConnections() }
            onPeersLoop { run in
                let ends = process.connections.map { ($0.connection, Side($0.side)) }
                run.world.onLoop { run.vanish(ends) }
            }
        case nil: break
        }
    }

    /// Ends are gone, and nothing of it is heard on the other side: what their kernels say of it the wire keeps back.
    private func vanish(_ ends: [(ConnectionID, Side)]) {
        for (id, side) in ends { world.mute(id, side) }
        onPeersLoop { run in for (id, side) in ends { run.run.breakOff(id, at: SocketSide(side)) } }
    }

    private func setOption(_ action: Action, of id: ConnectionID, _ side: Side?) {
        guard case .word(let name)? = action.operands["option"], case .number(let value)? = action.operands["value"],
            let option = KernelOption(name, value)
        else { return }
        onPeersLoop { run in
            for side in side.map({ [$0] }) ?? Side.allCases { run.run.set(option, of: id, SocketSide(side)) }
        }
    }

    /// Sets the options of a host's kernel as the world has them now, and of its processes' sockets; on the world's loop.
    func setOptions(_ action: Action) {
        guard case .host(let host)? = action.operands["host"], let wire else { return }
        let options = world.options(of: host)
        do {
            try wire.hosts.set(options, of: host)
        } catch {
            world.fails("\(lab.topology.hosts[Int(host.index)].name): \(error)")
        }
        let all = processes.withLockedValue { $0 }
        for (peer, process) in zip(lab.peers, all) where peer.host == host { process?.set(SocketOptions(options)) }
    }
}

// What is done to calls.
extension LiveRun {
    /// What is done to calls has changed: those who wait look again. On the peers' loop.
    func lookAgain() {
        for process in processes.withLockedValue({ $0 }) { process?.lookAgain() }
    }

    /// How many sockets the other processes of a process's host have open.
    func openBeside(_ id: ProcessID) -> Int {
        let host = lab.peers[Int(id.index)].host
        return zip(lab.peers.indices, processes.withLockedValue { $0 }).reduce(0) { sum, entry in
            guard entry.0 != Int(id.index), lab.peers[entry.0].host == host, let process = entry.1, !process.isDead
            else { return sum }
            return sum + process.openSockets
        }
    }
}
