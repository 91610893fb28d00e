import PeerNetworking

// What actions are done to, as operands: under `of`, with what goes with it.

extension TrafficScope {
    init(_ operands: Operands) throws(OperandProblem) {
        switch (operands["of"], operands["direction"]) {
        case (.link(let link)?, nil): self = .link(link, nil)
        case (.link(let link)?, .direction(let direction)?): self = .link(link, direction)
        case (.host(let host)?, nil): self = .host(host, nil)
        case (.host(let host)?, .bound(let bound)?): self = .host(host, bound)
        default: throw OperandProblem("direction", "'direction' is of a link, or what arrives at a host or leaves it")
        }
    }

    var of: OperandValue {
        switch self {
        case .link(let link, _): .link(link)
        case .host(let host, _): .host(host)
        }
    }

    var direction: OperandValue? {
        switch self {
        case .link(_, let direction): direction?.operand
        case .host(_, let bound): bound?.operand
        }
    }
}

extension IOScope {
    init(_ operands: Operands) throws(OperandProblem) {
        switch operands["of"] {
        case .peer(let process)?: self = .process(process)
        case .host(let host)?: self = .host(host)
        case .connection(let connection)?: self = .connection(connection)
        default: throw OperandProblem("of", "'of' must be a peer, a host or a connection")
        }
    }

    var of: OperandValue {
        switch self {
        case .process(let process): .peer(process)
        case .host(let host): .host(host)
        case .connection(let connection): .connection(connection)
        }
    }

    /// It is there from the beginning of a run.
    var isLasting: Bool {
        switch self {
        case .process, .host: true
        case .connection: false
        }
    }
}

extension ConnectionScope {
    init(_ operands: Operands) throws(OperandProblem) {
        let side: Side? = try operands.find("side")
        switch operands["of"] {
        case .connection(let connection)?: self = .connection(connection, side)
        case .peer(let process)? where side == nil: self = .process(process)
        case .peer?:
            throw OperandProblem(
                "side", "'side' goes with a connection; of a peer's connections its own end is meant")
        default: throw OperandProblem("of", "'of' must be a connection or a peer")
        }
    }

    var of: OperandValue {
        switch self {
        case .connection(let connection, _): .connection(connection)
        case .process(let process): .peer(process)
        }
    }

    var side: OperandValue? {
        switch self {
        case .connection(_, let side): side?.operand
        case .process: nil
        }
    }
}
