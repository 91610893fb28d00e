public import PeerNetworking

extension Deeds {
    /// A segment that is on the wire is damaged; the receiving kernel sees that and drops it.
    struct Damage: SegmentDeed {
        var segment: SegmentOfSide

        static let form = ActionForm(
            47, "damage", [.connection, .side, .segment],
            "Damage a segment that is on the wire, so that its checksum does not fit: by default the selected one.")

        var family: FaultFamily { .corrupt }

        func act(on segment: InFlight, in world: World) {
            var segment = segment
            segment.fate.insert(.damaged)
            world.putOnWire(segment)
        }
    }
}

extension Deeds.Damage {
    init(_ operands: Operands) throws(OperandProblem) { segment = try SegmentOfSide(operands) }
}

extension Action {
    /// Damages a segment that is on the wire: the `ordinal`-th that this side of the connection has sent.
    public static func damage(_ connection: ConnectionID, from side: Side, ordinal: Int64) -> Action {
        Action(Deeds.Damage(segment: SegmentOfSide(connection: connection, side: side, ordinal: ordinal)))
    }
}
