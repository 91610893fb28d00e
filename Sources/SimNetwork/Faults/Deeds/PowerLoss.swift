extension Deeds {
    /// A host loses power: silence.
    struct PowerLoss: Deed, OneForm, Acting {
        var host: HostID

        static let form = ActionForm(
            33, "power-loss", [.host], "Take a host's power: its processes and sockets are gone without a word.")

        var family: FaultFamily { .powerLoss }
        var operands: Operands { Operands(["host": host.operand]) }
        var inverse: Action? { .powerOn(host) }

        func target(in world: World) throws(ActionError) -> Host {
            let host = try world.host(host)
            guard host.isOn else { throw ActionError("\(host.name) has no power already") }
            return host
        }

        func act(on host: Host, in world: World) { world.losePower(host) }

        static let chaos: ChaosSource? = .episodes(.powerLoss) { draws in
            draws.anyHost().map { .powerLoss($0) }
        }
    }
}

extension Deeds.PowerLoss {
    init(_ operands: Operands) throws(OperandProblem) { host = try operands.require("host") }
}

extension Action {
    /// Takes a host's power: its processes and sockets are gone without a word.
    public static func powerLoss(_ host: HostID) -> Action { Action(Deeds.PowerLoss(host: host)) }
}
