extension Settings {
    /// A name does not resolve.
    struct NameError: Setting, OneForm, Acting {
        var host: HostID
        /// How it fails; nil for not at all.
        var failure: NameFailure?
        var probability: Probability

        /// How it fails, in a word.
        private enum Failing: String, OperandWord {
            case notFound = "not-found"
            case temporary, slow, off

            var word: String { rawValue }
        }

        /// How long a slow name server takes where nothing is said, in nanoseconds.
        private static let usualDelay: Int64 = 5_000_000_000

        static let form = ActionForm(
            20, "name-error",
            [
                .host,
                .word("failure", Failing.self).usually(Failing.notFound.operand),
                ActionForm.Operand("delay", .duration(.withinAnHour)).optional, .chance,
            ], "Let a host's name fail to resolve, or be slow; `failure=off` lifts it.")

        var family: FaultFamily { .nameError }
        var lifted: Self { Self(host: host, failure: nil, probability: .never) }

        var operands: Operands {
            let (failing, delay): (Failing, Int64?) =
                switch failure {
                case .notFound?: (.notFound, nil)
                case .temporary?: (.temporary, nil)
                case .slow(let delay)?: (.slow, delay)
                case nil: (.off, nil)
                }
            return Operands([
                "host": host.operand, "failure": failing.operand, "delay": delay?.operand,
                "probability": failure == nil ? nil : probability.operand,
            ])
        }

        func target(in world: World) throws(ActionError) -> Host { try world.host(host) }

        func act(on host: Host, in world: World) {
            host.nameFault = failure.map { NameFault(failure: $0, probability: probability) }
        }

        static let chaos: ChaosSource? = .standing(.nameError) { draws in
            draws.hosts.map { .nameError($0, .notFound, draws.probability(most: 0.2)) }
        }
    }
}

extension Settings.NameError {
    init(_ operands: Operands) throws(OperandProblem) {
        host = try operands.require("host")
        let failing: Failing = try operands.require("failure")
        let delay: Int64? = try operands.find("delay")
        if delay != nil, failing != .slow { throw OperandProblem("delay", "'delay' goes with 'failure: slow'") }
        switch failing {
        case .notFound: failure = .notFound
        case .temporary: failure = .temporary
        case .slow: failure = .slow(delay ?? Self.usualDelay)
        case .off: failure = nil
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
