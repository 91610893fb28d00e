public import PeerNetworking

extension Deeds {
    /// A segment that is on the wire is dropped.
    struct Drop: Deed, OneForm, Acting {
        var segment: SegmentOfSide

        /// One for both of the ways in which segments are dropped.
        static let help =
            "Drop a segment that is on the wire, by default the one selected among what comes next; or those of a protocol moment (`syn`, `syn-ack`, `handshake`, `first-data`, `fin`) that cross a link."
        static let form = ActionForm(38, "drop", [.connection, .side, .segment], help)

        var family: FaultFamily { .drop }
        var operands: Operands { segment.operands }

        func target(in world: World) throws(ActionError) -> InFlight { try world.take(segment) }

        func act(on segment: InFlight, in world: World) {
            segment.connection.segmentsInFlight -= 1
            world.emit(.lost(segment.number, .dropped))
            world.forgetIfDone(segment.connection)
        }
    }
}

extension Deeds.Drop {
    init(_ operands: Operands) throws(OperandProblem) { segment = try SegmentOfSide(operands) }
}

/// A segment by what it is of: the `ordinal`-th that a side of a connection has sent.
struct SegmentOfSide: Hashable {
    var connection: ConnectionID
    var side: Side
    var ordinal: Int64

    var operands: Operands {
        Operands(["connection": connection.operand, "side": side.operand, "segment": ordinal.operand])
    }
}

extension SegmentOfSide {
    init(_ operands: Operands) throws(OperandProblem) {
        connection = try operands.require("connection")
        side = try operands.require("side")
        ordinal = try operands.require("segment")
    }
}

extension World {
    /// Takes a segment off the wire.
    func take(_ wanted: SegmentOfSide) throws(ActionError) -> InFlight {
        let isMeant = { (packet: InFlight) in
            Int64(packet.ordinal) == wanted.ordinal && packet.from == wanted.side && packet.notice == nil
                && packet.connection.id == wanted.connection && !packet.fate.contains(.copy)
        }
        guard let segment = wire.takeAll(where: isMeant).first else {
            throw ActionError(
                "segment \(wanted.ordinal) of \(wanted.connection) from the \(wanted.side) is not on the wire")
        }
        return segment
    }
}

extension Action {
    /// Drops a segment that is on the wire: the `ordinal`-th that this side of the connection has sent.
    public static func drop(_ connection: ConnectionID, from side: Side, ordinal: Int64) -> Action {
        Action(Deeds.Drop(segment: SegmentOfSide(connection: connection, side: side, ordinal: ordinal)))
    }
}
