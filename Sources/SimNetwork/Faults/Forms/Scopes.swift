import PeerNetworking

// What actions are done to, as operands: under `of`, with what goes with it.

extension TrafficScope {
    init(_ operands: Operands) throws(OperandProblem) {
        if let host = operands["of"].flatMap({ HostID($0) }) {
            self = .host(host, try operands.find("direction"))
        } else {
            self = .link(try operands.require("of"), try operands.find("direction"))
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

    /// Looks that a host is meant whole, by a fault that knows no directions of one.
    func checkIsWhole() throws(OperandProblem) {
        guard case .host(_, .some) = self else { return }
        throw OperandProblem("direction", "it is of a host as a whole: for one direction, name a link of it")
    }
}

extension IOScope {
    init(_ operands: Operands) throws(OperandProblem) {
        if let process = operands["of"].flatMap({ ProcessID($0) }) {
            self = .process(process)
        } else if let host = operands["of"].flatMap({ HostID($0) }) {
            self = .host(host)
        } else {
            self = .connection(try operands.require("of"))
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
        guard let process = operands["of"].flatMap({ ProcessID($0) }) else {
            self = .connection(try operands.require("of"), try operands.find("side"))
            return
        }
        guard operands["side"] == nil else {
            throw OperandProblem(
                "side", "'side' goes with a connection; of a peer's connections its own end is meant")
        }
        self = .process(process)
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
