package import PeerNetworking

/// What an operand is given, by the numbers of hosts, links and processes.
package enum OperandValue: Hashable, Sendable {
    /// A link.
    case link(LinkID)
    /// A direction of a link.
    case direction(LinkDirection)
    /// What arrives at a host, or what leaves it.
    case bound(TrafficScope.Bound)
    /// A host.
    case host(HostID)
    /// Some hosts.
    case hosts([HostID])
    /// Two groups of hosts.
    case groups([HostID], [HostID])
    /// One host, and another.
    case pair(HostID, HostID)
    /// A process, by its peer.
    case peer(ProcessID)
    /// A listener, or all those of a host.
    case service(ServiceScope)
    /// A connection.
    case connection(ConnectionID)
    /// An end of a connection.
    case side(Side)
    /// Nanoseconds, bytes, bytes a second, or a number.
    case number(Int64)
    /// A probability.
    case probability(Probability)
    /// How long a link takes.
    case latency(Latency)
    /// Which segments a link loses.
    case loss(LossModel)
    /// True or false.
    case flag(Bool)
    /// One of the operand's words.
    case word(String)
    /// A name.
    case text(String)

    /// Whether it is a host, or has it in it.
    func names(_ host: HostID) -> Bool {
        switch self {
        case .host(let named): named == host
        case .hosts(let hosts): hosts.contains(host)
        case .groups(let first, let second): first.contains(host) || second.contains(host)
        case .pair(let from, let to): from == host || to == host
        case .service(let service): service.host == host
        case .link, .direction, .bound, .peer, .connection, .side, .number, .probability, .latency, .loss, .flag, .word,
            .text:
            false
        }
    }
}

/// A type that an operand can be read as.
protocol OperandType {
    /// The operand's value as one of this type; nil where it is none.
    init?(_ operand: OperandValue)
    /// It as an operand's value.
    var operand: OperandValue { get }
}

/// One of a few words.
protocol OperandWord: OperandType, CaseIterable {
    /// The word.
    var word: String { get }
}

extension OperandWord {
    init?(_ operand: OperandValue) {
        guard case .word(let word) = operand, let found = Self.allCases.first(where: { $0.word == word }) else {
            return nil
        }
        self = found
    }

    var operand: OperandValue { .word(word) }
}

extension LinkID: OperandType {
    init?(_ operand: OperandValue) { if case .link(let link) = operand { self = link } else { return nil } }
    var operand: OperandValue { .link(self) }
}

extension LinkDirection: OperandType {
    init?(_ operand: OperandValue) { if case .direction(let value) = operand { self = value } else { return nil } }
    var operand: OperandValue { .direction(self) }
}

extension TrafficScope.Bound: OperandType {
    init?(_ operand: OperandValue) { if case .bound(let bound) = operand { self = bound } else { return nil } }
    var operand: OperandValue { .bound(self) }
}

extension HostID: OperandType {
    init?(_ operand: OperandValue) { if case .host(let host) = operand { self = host } else { return nil } }
    var operand: OperandValue { .host(self) }
}

extension [HostID]: OperandType {
    init?(_ operand: OperandValue) { if case .hosts(let hosts) = operand { self = hosts } else { return nil } }
    var operand: OperandValue { .hosts(self) }
}

extension ProcessID: OperandType {
    init?(_ operand: OperandValue) { if case .peer(let process) = operand { self = process } else { return nil } }
    var operand: OperandValue { .peer(self) }
}

extension ServiceScope: OperandType {
    init?(_ operand: OperandValue) { if case .service(let service) = operand { self = service } else { return nil } }
    var operand: OperandValue { .service(self) }
}

extension ConnectionID: OperandType {
    init?(_ operand: OperandValue) { if case .connection(let value) = operand { self = value } else { return nil } }
    var operand: OperandValue { .connection(self) }
}

extension Side: OperandType {
    init?(_ operand: OperandValue) { if case .side(let side) = operand { self = side } else { return nil } }
    var operand: OperandValue { .side(self) }
}

extension Int64: OperandType {
    init?(_ operand: OperandValue) { if case .number(let number) = operand { self = number } else { return nil } }
    var operand: OperandValue { .number(self) }
}

extension Probability: OperandType {
    init?(_ operand: OperandValue) { if case .probability(let value) = operand { self = value } else { return nil } }
    var operand: OperandValue { .probability(self) }
}

extension Latency: OperandType {
    init?(_ operand: OperandValue) { if case .latency(let latency) = operand { self = latency } else { return nil } }
    var operand: OperandValue { .latency(self) }
}

extension LossModel: OperandType {
    init?(_ operand: OperandValue) { if case .loss(let model) = operand { self = model } else { return nil } }
    var operand: OperandValue { .loss(self) }
}

extension Bool: OperandType {
    init?(_ operand: OperandValue) { if case .flag(let flag) = operand { self = flag } else { return nil } }
    var operand: OperandValue { .flag(self) }
}

extension String: OperandType {
    init?(_ operand: OperandValue) { if case .text(let text) = operand { self = text } else { return nil } }
    var operand: OperandValue { .text(self) }
}
