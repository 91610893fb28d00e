import PeerNetworking

/// What is done to one segment that is on the wire.
protocol SegmentDeed: Deed, OneForm, Acting where Target == InFlight {
    /// Which.
    var segment: SegmentOfSide { get }
}

extension SegmentDeed {
    var operands: Operands { segment.operands }

    func target(in world: World) throws(ActionError) -> InFlight { try world.take(segment) }
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
