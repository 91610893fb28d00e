extension Settings {
    /// A router knows the connections that go through it, and forgets them.
    struct AddressTranslation: Setting, OneForm, Acting, BoundToTopology {
        var host: HostID
        /// How it translates; nil for not at all.
        var rules: Middlebox.Rules?

        static let form = ActionForm(
            52, "nat",
            [
                .host, ActionForm.Operand("idle", .duration(.withinAnHour), words: ["off"]),
                ActionForm.Operand.word("forgets", Middlebox.Forgetting.self)
                    .usually(.word(Middlebox.Forgetting.silently.word)),
                ActionForm.Operand("half-open", .count(1...1_000_000)).optional.keyed,
            ],
            "Let a router keep the connections that go through it, forget one that was idle for so long, and take no more than "
                + "so many half-open ones; `off` lifts it.")

        var family: FaultFamily { .nat }
        var operands: Operands {
            Operands([
                "host": host.operand, "idle": rules?.idle.operand ?? .word("off"),
                "forgets": (rules?.forgets ?? .silently).operand,
                "half-open": rules?.mostHalfOpen.map { Int64($0).operand },
            ])
        }
        var lifted: Self { Self(host: host) }

        func problem(in topology: Topology) -> OperandProblem? {
            let index = Int(host.index)
            guard topology.hosts.indices.contains(index), !topology.hosts[index].isRouter else { return nil }
            return OperandProblem("host", Self.refusal(of: topology.hosts[index].name))
        }

        func target(in world: World) throws(ActionError) -> Host {
            let host = try world.host(host)
            guard host.isRouter else { throw ActionError(Self.refusal(of: host.name)) }
            return host
        }

        private static func refusal(of name: String) -> String {
            "\(name) is no router (router: yes): nothing goes through it"
        }

        func act(on host: Host, in world: World) {
            guard let rules else { return host.middlebox = nil }
            if host.middlebox == nil { host.middlebox = Middlebox(rules, since: world.connectionsMade) }
            host.middlebox?.rules = rules
        }

        static let chaos: ChaosSource? = .episodes(.nat) { draws in
            guard let router = draws.anyRouter() else { return nil }
            let forgets = Middlebox.Forgetting.allCases[Int(draws.below(2, "forgets"))]
            return .nat(router, .init(idle: 50_000_000 + draws.below(2_000_000_000, "idle"), forgets: forgets))
        }
    }
}

extension Settings.AddressTranslation {
    init(_ operands: Operands) throws(OperandProblem) {
        host = try operands.require("host")
        guard operands["idle"] != .word("off") else { return }
        let most: Int64? = try operands.find("half-open")
        rules = Middlebox.Rules(
            idle: try operands.require("idle"), forgets: try operands.require("forgets"),
            mostHalfOpen: most.map { Int32(clamping: $0) })
    }
}

extension Middlebox.Forgetting: OperandWord {
    var word: String { rawValue }
}

extension Action {
    /// Lets a router keep the connections that go through it, and forget them; nil lifts it.
    public static func nat(_ router: HostID, _ rules: Middlebox.Rules?) -> Action {
        Action(Settings.AddressTranslation(host: router, rules: rules))
    }
}
