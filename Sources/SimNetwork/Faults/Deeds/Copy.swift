public import PeerNetworking

extension Deeds {
    /// A segment that is on the wire gets a second copy.
    struct Copy: SegmentDeed {
        var segment: SegmentOfSide

        static let form = ActionForm(
            46, "copy", [.connection, .side, .segment],
            "Send a second copy after a segment that is on the wire: by default the selected one.")

        var family: FaultFamily { .duplicate }

        func target(in world: World) throws(ActionError) -> InFlight {
            let taken = try world.take(segment)
            guard taken.connection.hop(Int(taken.hop), from: taken.from) != nil else {
                world.putOnWire(taken)
                throw ActionError(
                    "segment \(segment.ordinal) of \(segment.connection) stays on its host: no link copies it")
            }
            return taken
        }

        func act(on segment: InFlight, in world: World) {
            world.putOnWire(segment)
            guard let hop = segment.connection.hop(Int(segment.hop), from: segment.from) else { return }
            world.duplicate(segment, over: hop.link, hop.direction, on: segment.connection)
        }
    }
}

extension Deeds.Copy {
    init(_ operands: Operands) throws(OperandProblem) { segment = try SegmentOfSide(operands) }
}

extension Action {
    /// Sends a second copy after a segment that is on the wire: the `ordinal`-th that this side of the connection has sent.
    public static func copy(_ connection: ConnectionID, from side: Side, ordinal: Int64) -> Action {
        Action(Deeds.Copy(segment: SegmentOfSide(connection: connection, side: side, ordinal: ordinal)))
    }
}
