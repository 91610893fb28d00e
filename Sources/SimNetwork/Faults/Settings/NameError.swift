extension Settings {
    /// A name does not resolve.
    struct NameError: Setting {
        var host: HostID
        /// How it fails; nil for not at all.
        var failure: NameFailure?
        var probability: Probability

        /// How long a slow name server takes where nothing is said, in nanoseconds.
        private static let usualDelay: Int64 = 5_000_000_000

        static let form = ActionForm(
            "name-error",
            [
                .host,
                ActionForm.Operand("failure", .word, words: ["not-found", "temporary", "slow", "off"])
                    .usually(.word("not-found")),
                ActionForm.Operand("delay", .duration(.withinAnHour)).optional, .chance,
            ], "Let a host's name fail to resolve, or be slow; `failure=off` lifts it.", sets: Self.self)

        var family: FaultFamily { .nameError }
        var form: ActionForm { Self.form }
        var lifted: Self { Self(host: host, failure: nil, probability: .never) }

        var operands: Operands {
            let (word, delay): (String, Int64?) =
                switch failure {
                case .notFound?: ("not-found", nil)
                case .temporary?: ("temporary", nil)
                case .slow(let delay)?: ("slow", delay)
                case nil: ("off", nil)
                }
            return Operands([
                "host": host.operand, "failure": .word(word), "delay": delay?.operand,
                "probability": failure == nil ? nil : probability.operand,
            ])
        }

        func target(in world: World) throws(ActionError) -> Host { try world.host(host) }

        func act(on host: Host, in world: World) {
            host.nameFault = failure.map { NameFault(failure: $0, probability: probability) }
        }
    }
}

extension Settings.NameError {
    init(_ operands: Operands) throws(OperandProblem) {
        host = try operands.require("host")
        let delay: Int64? = try operands.find("delay")
        if delay != nil, operands["failure"] != .word("slow") {
            throw OperandProblem("delay", "'delay' goes with 'failure: slow'")
        }
        switch operands["failure"] {
        case .word("temporary"): failure = .temporary
        case .word("slow"): failure = .slow(delay ?? Self.usualDelay)
        case .word("off"): failure = nil
        default: failure = .notFound
        }
        probability = failure == nil ? .never : try operands.require("probability")
    }
}

extension Action {
    /// Lets a host's name fail to resolve with a probability; nil lifts it.
    public static func nameError(_ host: HostID, _ failure: NameFailure?, _ probability: Probability) -> Action {
        Action(Settings.NameError(host: host, failure: failure, probability: failure == nil ? .never : probability))
    }
}
