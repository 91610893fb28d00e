import PeerNetworking
import TCP

extension Deeds {
    /// One direction of a connection ends.
    struct HalfClose: ConnectionDeed {
        var scope: ConnectionScope

        static let form = ActionForm(
            23, "half-close", [.of(.connection, .peer), .side.optional],
            "End what an end sends, as if its application had shut down its writing half.")

        var family: FaultFamily { .halfClose }
        var operands: Operands { Operands(["of": scope.of, "side": scope.side]) }

        func target(in world: World) throws(ActionError) -> [Socket] {
            let ends = try world.ends(of: scope).filter { $0.tcp.isSynchronised && !$0.tcp.sender.isClosing }
            guard !ends.isEmpty else { throw ActionError("there is no open connection to close half of") }
            return ends
        }

        func act(on ends: [Socket], in world: World) {
            for socket in ends {
                socket.tcp.shutdownWrite()
                socket.wakeWriter()
                world.markDirty(socket)
            }
        }

        static let chaos: ChaosSource? = .episodes(.halfClose) { draws in
            draws.anyProcess().map { .halfClose(.process($0)) }
        }
    }
}

extension Deeds.HalfClose {
    init(_ operands: Operands) throws(OperandProblem) { scope = try ConnectionScope(operands) }
}

extension Action {
    /// Ends what an end sends, as if its application had shut down its writing half.
    public static func halfClose(_ scope: ConnectionScope) -> Action { Action(Deeds.HalfClose(scope: scope)) }
}
