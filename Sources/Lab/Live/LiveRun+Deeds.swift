import NIOConcurrencyHelpers
import PeerNetworking
import SimNetwork
import SocketNetwork
import TCP

// What the run's world has decided, and only the sockets outside can have done to them.
extension LiveRun {
    /// Why nothing can be done to the connections that an action means; nil where something can. From any thread.
    func obstacle(toConnectionsOf action: Action) -> String? {
        switch action.operands["of"] ?? action.operands["connection"] {
        case .connection(let id)?: return recorder.connections.contains(id) ? nil : "there is no open \(id)"
        case .peer(let id)?:
            let process = processes.withLockedValue { $0[Int(id.index)] }
            let hasSome = process.map { !$0.isDead && $0.openSockets > 0 } ?? false
            return hasSome ? nil : "\(lab.peers[Int(id.index)].name) has no connection"
        default: return "nothing is named to do it to"
        }
    }

    /// Does something to connections; on the world's loop.
    func carryOut(_ action: Action) {
        switch action.operands["of"] ?? action.operands["connection"] {
        case .connection(let id)?:
            let side: Side? = if case .side(let side)? = action.operands["side"] { side } else { nil }
            switch action.family {
            case .reset: onPeersLoop { $0.run.breakOff(id) }
            case .halfClose: onPeersLoop { $0.run.halfClose(id, SocketSide(side ?? .client)) }
            case .halfOpen: vanish([(id, side ?? .client)])
            case .sysctl: setOption(action, of: id, side)
            default: break
            }
        case .peer(let id)?:
            guard let process = processes.withLockedValue({ $0[Int(id.index)] }) else { return }
            switch action.family {
            case .reset: process.breakConnectionsOff()
            case .halfClose: process.halfCloseConnections()
            case .halfOpen:
                onPeersLoop { run in
                    let ends = process.connections.map { ($0.connection, Side($0.side)) }
                    run.world.onLoop { run.vanish(ends) }
                }
            default: break
            }
        default: break
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
