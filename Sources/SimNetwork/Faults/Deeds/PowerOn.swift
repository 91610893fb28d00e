extension Deeds {
    /// A host gets its power back.
    struct PowerOn: Deed, OneForm, Acting {
        var host: HostID

        static let form = ActionForm(
            34, "power-on", [.host], "Give a host its power back, and start its processes.")

        var family: FaultFamily { .powerOn }
        var operands: Operands { Operands(["host": host.operand]) }

        func target(in world: World) throws(ActionError) -> Host {
            let host = try world.host(host)
            guard !host.isOn else { throw ActionError("\(host.name) has power already") }
            return host
        }

        func act(on host: Host, in world: World) { world.getPower(host) }
    }
}

extension Deeds.PowerOn {
    init(_ operands: Operands) throws(OperandProblem) { host = try operands.require("host") }
}

extension Action {
    /// Gives a host its power back and starts its processes.
    public static func powerOn(_ host: HostID) -> Action { Action(Deeds.PowerOn(host: host)) }
}
