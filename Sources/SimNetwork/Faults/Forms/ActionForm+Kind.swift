import PeerNetworking

extension ActionForm.Operand {
    /// What an operand can be.
    package enum Kind: Sendable {
        /// A link.
        case link
        /// A direction of the link that the action is done to; of a host, what arrives or what leaves.
        case direction
        /// A host.
        case host
        /// Some hosts.
        case hosts
        /// Two groups of hosts.
        case groups
        /// One host, and another.
        case pair
        /// A peer.
        case peer
        /// A host, or a host and one of its ports.
        case service
        /// A connection.
        case connection
        /// An end of a connection.
        case side
        /// The place of a segment among those of a side, from 1.
        case segment
        /// A thing of one of these kinds.
        case target([TargetKind])
        /// Nanoseconds within a range.
        case duration(ClosedRange<Int64>)
        /// Bytes within a range.
        case size(ClosedRange<Int64>)
        /// Bytes a second, 0 or more.
        case rate
        /// A number within a range.
        case count(ClosedRange<Int64>)
        /// A probability.
        case probability
        /// How long a link takes.
        case latency
        /// Which segments a link loses.
        case loss
        /// True or false.
        case flag
        /// A site of draws.
        case site
        /// The name of what is drawn for.
        case subject
        /// The value of the kernel's option that the operand `option` names.
        case option
        /// Nothing but one of the operand's words.
        case word
    }
}

extension ActionForm.Operand.Kind {
    /// Bytes a second, at most: a tebibyte.
    package static let rates: ClosedRange<Int64> = 0...1_099_511_627_776

    /// The kinds of things that may be meant.
    package var targets: [TargetKind] { if case .target(let kinds) = self { kinds } else { [] } }

    /// What stands for it in help.
    func metavariable(_ words: [String]) -> String {
        let all: [String] =
            switch self {
            case .link: ["LINK"]
            case .direction: ["FROM->TO"]
            case .host: ["HOST"]
            case .hosts: ["HOSTS"]
            case .groups: ["HOSTS|HOSTS"]
            case .pair: ["FROM->TO"]
            case .peer: ["PEER"]
            case .service: ["HOST[:PORT]"]
            case .connection: ["CONNECTION"]
            case .side: ["SIDE"]
            case .segment: ["SEGMENT"]
            case .target(let kinds): kinds.map(\.metavariable)
            case .duration: ["DURATION"]
            case .size: ["SIZE"]
            case .rate: ["RATE"]
            case .count: ["N"]
            case .probability: ["P"]
            case .latency: ["LATENCY"]
            case .loss: ["P"]
            case .flag: ["true", "false"]
            case .site: ["SITE"]
            case .subject: ["NAME"]
            case .option: ["VALUE"]
            case .word: []
            }
        return (all + words).joined(separator: "|")
    }

    /// What a value of it must be, for messages.
    var expected: String {
        switch self {
        case .link: "a link"
        case .direction: "a direction"
        case .host: "a host"
        case .hosts: "hosts"
        case .groups: "two groups of hosts"
        case .pair: "two hosts"
        case .peer: "a peer"
        case .service: "a host or one of its ports"
        case .connection: "a connection"
        case .side: "client or server"
        case .segment: "1 or more"
        case .target(let kinds): kinds.map { "a \($0.rawValue)" }.joined(separator: " or ")
        case .duration(let range): "\(range.lowerBound)…\(range.upperBound) ns"
        case .size(let range): "\(range.lowerBound)…\(range.upperBound) B"
        case .rate: "\(Self.rates.lowerBound)…\(Self.rates.upperBound) B/s"
        case .count(let range):
            range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound)…\(range.upperBound)"
        case .probability: "a probability"
        case .latency: "a latency of up to an hour"
        case .loss: "a probability or a burst"
        case .flag: "true or false"
        case .site: "the name of a site"
        case .subject: "the name of what is drawn for"
        case .option: "a value of the option"
        case .word: ""
        }
    }

    /// Whether a value is of it, and within its range.
    func takes(_ value: OperandValue, words: [String]) -> Bool {
        if case .word(let word) = value { return words.contains(word) }
        if let number = Int64(value) { return numbers?.contains(number) ?? false }
        return switch self {
        case .link: LinkID(value) != nil
        case .direction: LinkDirection(value) != nil || TrafficScope.Bound(value) != nil
        case .host: HostID(value) != nil
        case .hosts: [HostID](value) != nil
        case .groups: if case .groups = value { true } else { false }
        case .pair: if case .pair = value { true } else { false }
        case .peer: ProcessID(value) != nil
        case .service: ServiceScope(value) != nil
        case .connection: ConnectionID(value) != nil
        case .side: Side(value) != nil
        case .target(let kinds): TargetKind(of: value).map { kinds.contains($0) } ?? false
        case .probability: Probability(value) != nil
        case .latency: Latency(value)?.isWithinAnHour ?? false
        case .loss: LossModel(value) != nil
        case .flag: Bool(value) != nil
        case .site, .subject: String(value) != nil
        case .segment, .duration, .size, .rate, .count, .option, .word: false
        }
    }

    /// The numbers that it may be; nil where it is none.
    private var numbers: ClosedRange<Int64>? {
        switch self {
        case .segment: 1...Int64.max
        case .duration(let range), .size(let range), .count(let range): range
        case .rate: Self.rates
        case .option: Int64.min...Int64.max
        case .link, .direction, .host, .hosts, .groups, .pair, .peer, .service, .connection, .side, .target,
            .probability, .latency, .loss, .flag, .site, .subject, .word:
            nil
        }
    }
}

extension TargetKind {
    /// The kind of a thing that is given; nil for what is none.
    fileprivate init?(of value: OperandValue) {
        switch value {
        case .peer: self = .peer
        case .host: self = .host
        case .link: self = .link
        case .connection: self = .connection
        case .direction, .bound, .hosts, .groups, .pair, .service, .side, .number, .probability, .latency, .loss, .flag,
            .word, .text:
            return nil
        }
    }
}

extension Latency {
    /// Whether its parameters are from 0 to an hour.
    fileprivate var isWithinAnHour: Bool {
        let range = ClosedRange<Int64>.upToAnHour
        return switch self {
        case .constant(let value), .exponential(let value): range.contains(value)
        case .uniform(let low, let high): range.contains(low) && range.contains(high) && low <= high
        case .normal(let mean, let deviation): range.contains(mean) && range.contains(deviation)
        case .bimodal(let first, let second, _): range.contains(first) && range.contains(second)
        case .pareto(let least, let shape): range.contains(least) && shape > 0
        }
    }
}
