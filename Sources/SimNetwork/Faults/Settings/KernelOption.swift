import TCP

extension Settings {
    /// An option of a host's kernel is another one than in the lab, for the sockets that are made from then on.
    struct KernelOption: Setting, OneForm, Acting {
        var host: HostID
        /// Its name.
        var option: String
        /// What it is; nil for what it is in the topology.
        var value: Int64?

        static let form = ActionForm(
            54, "sysctl",
            [
                .host, ActionForm.Operand("option", .word, words: TCPKnob.all.flatMap(\.names), "OPTION"),
                ActionForm.Operand("value", .option, words: ["usual"]),
            ],
            "Set an option of a host's kernel, for sockets that are opened from then on; `usual` gives back the lab's."
        )

        var family: FaultFamily { .sysctl }
        var operands: Operands {
            Operands(["host": host.operand, "option": .word(option), "value": value?.operand ?? .word("usual")])
        }
        var lifted: Self { Self(host: host, option: option) }

        func check() throws(OperandProblem) { try TCPKnob.check(option, value) }

        func target(in world: World) throws(ActionError) -> Host { try world.host(host) }

        func act(on host: Host, in world: World) {
            guard let knob = TCPKnob.named(option) else { return }
            var options = host.tcp
            if let value {
                knob.set(&options, value)
            } else {
                knob.take(&options, from: world.topology.hosts[Int(host.id.index)].tcp)
            }
            host.sharedTCP = SharedTCPOptions(options)
        }
    }
}

extension Settings.KernelOption {
    init(_ operands: Operands) throws(OperandProblem) {
        host = try operands.require("host")
        option = try TCPKnob.name(in: operands)
        value = operands["value"] == .word("usual") ? nil : try operands.require("value")
    }
}

extension Action {
    /// Sets an option of a host's kernel by Linux's name; nil gives back what it is in the topology.
    package static func sysctl(_ host: HostID, _ option: String, _ value: Int64?) -> Action {
        Action(Settings.KernelOption(host: host, option: option, value: value))
    }
}

extension TCPKnob {
    /// The name of an option that operands have.
    static func name(in operands: Operands) throws(OperandProblem) -> String {
        guard case .word(let name)? = operands["option"] else { throw OperandProblem(nil, "'option' is missing") }
        return name
    }

    /// Looks whether there is an option of a name, and whether it may have a value.
    static func check(_ name: String, _ value: Int64?) throws(OperandProblem) {
        guard let knob = named(name) else { throw OperandProblem("option", "there is no option '\(name)'") }
        guard let value, !knob.values.contains(value) else { return }
        throw OperandProblem("value", "\(name) cannot be \(value)")
    }
}
