import PeerNetworking
import TCP

extension Deeds {
    /// One end of a connection is gone without a word.
    struct HalfOpen: ConnectionDeed {
        var scope: ConnectionScope

        static let form = ActionForm(
            24, "half-open", [.of(.connection, .peer), .side.optional],
            "Take an end away without a word: the other believes in the connection.")

        var family: FaultFamily { .halfOpen }
        var operands: Operands { Operands(["of": scope.of, "side": scope.side]) }

        func target(in world: World) throws(ActionError) -> [Socket] {
            let ends = try world.ends(of: scope).filter(\.tcp.isSynchronised)
            guard !ends.isEmpty else { throw ActionError("there is no open connection to leave half open") }
            return ends
        }

        func act(on ends: [Socket], in world: World) {
            for socket in ends {
                // As when its machine is gone: no word to the other side, now or ever. Its own application is told.
                socket.connection.mute = socket.side
                socket.tcp.fail(.reset)
                world.handle(.failed, of: socket)
            }
        }

        static let chaos: ChaosSource? = .episodes(.halfOpen) { draws in
            draws.anyProcess().map { .halfOpen(.process($0)) }
        }
    }
}

extension Deeds.HalfOpen {
    init(_ operands: Operands) throws(OperandProblem) { scope = try ConnectionScope(operands) }
}

extension Action {
    /// Takes an end away without a word: the other believes in the connection, and is never answered.
    public static func halfOpen(_ scope: ConnectionScope) -> Action { Action(Deeds.HalfOpen(scope: scope)) }
}
