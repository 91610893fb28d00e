import PeerNetworking
import TCP

extension Deeds {
    /// A connection is reset at both ends.
    struct Reset: ConnectionDeed {
        var scope: ConnectionScope

        static let form = ActionForm(
            22, "reset", [.of(.connection, .peer)], "Reset both ends of a connection, or of all of a peer's.")

        var family: FaultFamily { .reset }
        var operands: Operands { Operands(["of": scope.of]) }

        func target(in world: World) throws(ActionError) -> [Socket] {
            let connections: [Connection]
            switch scope {
            case .connection(let id, _): connections = [try world.connection(id)]
            case .process: connections = try world.ends(of: scope).map(\.connection)
            }
            let ends = connections.flatMap { [$0.client, $0.server] }.compactMap { $0 }
                .filter { $0.tcp.state != .closed }
            guard !ends.isEmpty else { throw ActionError("there is no connection to reset") }
            return ends
        }

        func act(on ends: [Socket], in world: World) {
            for socket in ends {
                socket.tcp.fail(.reset)
                world.handle(.failed, of: socket)
            }
        }

        static let chaos: ChaosSource? = .episodes(.reset) { draws in
            draws.anyProcess().map { .reset(.process($0)) }
        }
    }
}

extension Deeds.Reset {
    init(_ operands: Operands) throws(OperandProblem) { scope = try ConnectionScope(operands) }
}

extension Action {
    /// Resets connections at both ends.
    public static func reset(_ scope: ConnectionScope) -> Action { Action(Deeds.Reset(scope: scope)) }
}
