package import PeerNetworking
import TCP

extension Deeds {
    /// An option of a connection's ends is set, as by its application.
    struct SocketOption: Deed, OneForm, Acting {
        var connection: ConnectionID
        /// The end; nil for both.
        var side: Side?
        /// The option's name.
        var option: String
        var value: Int64

        static let form = ActionForm(
            55, "setsockopt",
            [
                .connection,
                ActionForm.Operand("option", .word, words: TCPKnob.all.filter(\.isOfSocket).flatMap(\.names), "OPTION"),
                ActionForm.Operand("value", .option), .side.optional.keyed,
            ], "Set an option of an end of a connection, or of both, as its application would.")

        var family: FaultFamily { .sysctl }
        var operands: Operands {
            Operands([
                "connection": connection.operand, "option": .word(option), "value": value.operand,
                "side": side?.operand,
            ])
        }

        func check() throws(OperandProblem) { try TCPKnob.check(option, value) }

        func target(in world: World) throws(ActionError) -> [Socket] {
            let connection = try world.connection(connection)
            let ends = (side.map { [$0] } ?? Side.allCases).compactMap { connection.socket($0) }
            guard !ends.isEmpty else { throw ActionError("\(connection.id) has no socket there") }
            return ends
        }

        func act(on ends: [Socket], in world: World) {
            guard let knob = TCPKnob.named(option) else { return }
            for socket in ends {
                socket.tcp.set(at: world.now) { knob.set(&$0, value) }
                world.markDirty(socket)
            }
        }
    }
}

extension Deeds.SocketOption {
    init(_ operands: Operands) throws(OperandProblem) {
        connection = try operands.require("connection")
        side = try operands.find("side")
        option = try TCPKnob.name(in: operands)
        value = try operands.require("value")
    }
}

extension Action {
    /// Sets an option of an end of a connection by Linux's name, or of both ends.
    package static func setsockopt(_ connection: ConnectionID, _ side: Side?, _ option: String, _ value: Int64)
        -> Action
    {
        Action(Deeds.SocketOption(connection: connection, side: side, option: option, value: value))
    }
}
