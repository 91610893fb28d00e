import PeerNetworking
public import SimNetwork

/// Actions as text, with the lab's names: the same in recordings, scripts and on the command line.
public struct ActionSyntax {
    private let lab: LabDefinition

    /// Reads and writes actions with a lab's names.
    public init(lab: LabDefinition) { self.lab = lab }

    /// The actions, each with its operands, for help and completion.
    public static let forms = [
        "cut LINK [FROM->TO]", "heal LINK [FROM->TO]", "power-loss HOST", "power-on HOST", "kill PEER", "restart PEER",
        "pause PEER", "resume PEER", "slow-reader PEER RATE", "reset CONNECTION", "drop CONNECTION SIDE SEGMENT",
        "delay CONNECTION SIDE SEGMENT DURATION",
    ]

    /// The action as text: `drop c1 client 3`.
    public func text(of action: Action) -> String {
        switch action {
        case .cut(let link, let direction): "cut " + linkText(link, direction)
        case .heal(let link, let direction): "heal " + linkText(link, direction)
        case .powerLoss(let host): "power-loss \(name(host))"
        case .powerOn(let host): "power-on \(name(host))"
        case .kill(let process): "kill \(name(process))"
        case .restart(let process): "restart \(name(process))"
        case .pause(let process): "pause \(name(process))"
        case .resume(let process): "resume \(name(process))"
        case .slowReader(.process(let process), let rate): "slow-reader \(name(process)) \(rate)B/s"
        case .reset(.connection(let connection, _)): "reset \(connection)"
        case .drop(let connection, let side, let ordinal): "drop \(connection) \(side) \(ordinal)"
        case .delay(let connection, let side, let ordinal, let extra):
            "delay \(connection) \(side) \(ordinal) \(extra)ns"
        default: action.family.rawValue
        }
    }

    /// Reads an action.
    ///
    /// - Throws: ``SessionError`` that says what is wrong and what would be right.
    public func action(_ text: String) throws(SessionError) -> Action {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let verb = words.first else { throw SessionError("no action; one of: \(verbs.joined(separator: ", "))") }
        let operands = Array(words.dropFirst())
        guard let form = Self.forms.first(where: { $0.hasPrefix(verb + " ") }) else {
            throw SessionError("unknown action '\(verb)'; one of: \(verbs.joined(separator: ", "))")
        }
        let places = form.split(separator: " ").dropFirst()
        let least = places.filter { !$0.hasPrefix("[") }.count
        guard (least...places.count).contains(operands.count) else {
            throw SessionError("'\(verb)' is written: \(form)")
        }
        switch verb {
        case "cut": return .cut(try link(operands[0]), try direction(operands))
        case "heal": return .heal(try link(operands[0]), try direction(operands))
        case "power-loss": return .powerLoss(try host(operands[0]))
        case "power-on": return .powerOn(try host(operands[0]))
        case "kill": return .kill(try process(operands[0]))
        case "restart": return .restart(try process(operands[0]))
        case "pause": return .pause(try process(operands[0]))
        case "resume": return .resume(try process(operands[0]))
        case "slow-reader":
            return .slowReader(.process(try process(operands[0])), bytesPerSecond: try rate(operands[1]))
        case "reset": return .reset(.connection(try connection(operands[0]), nil))
        case "drop":
            return .drop(try connection(operands[0]), from: try side(operands[1]), ordinal: try ordinal(operands[2]))
        default:
            return .delay(
                try connection(operands[0]), from: try side(operands[1]), ordinal: try ordinal(operands[2]),
                by: try duration(operands[3]))
        }
    }

    private var verbs: [String] { Self.forms.compactMap { $0.split(separator: " ").first.map(String.init) } }

    // MARK: Names

    private func name(_ host: HostID) -> String { lab.topology.hosts[Int(host.index)].name }
    private func name(_ process: ProcessID) -> String { lab.peers[Int(process.index)].name }

    private func linkText(_ link: LinkID, _ direction: LinkDirection?) -> String {
        let name = lab.topology.name(of: link)
        guard let direction else { return name }
        return name + " " + lab.topology.name(of: link, direction).replacingArrow()
    }

    private func host(_ text: String) throws(SessionError) -> HostID {
        if let host = lab.host(text) { return host }
        throw SessionError("no host '\(text)'; there are: \(list(lab.topology.hosts.map(\.name)))")
    }

    private func process(_ text: String) throws(SessionError) -> ProcessID {
        if let process = lab.process(text) { return process }
        throw SessionError("no peer '\(text)'; there are: \(list(lab.peers.map(\.name)))")
    }

    private func link(_ text: String) throws(SessionError) -> LinkID {
        for index in lab.topology.links.indices {
            let link = LinkID(index)
            let first = name(lab.topology.links[index].first)
            let second = name(lab.topology.links[index].second)
            if text == "\(first)-\(second)" || text == "\(second)-\(first)" { return link }
        }
        let names = lab.topology.links.indices.map { lab.topology.name(of: LinkID($0)) }
        throw SessionError("no link '\(text)'; there are: \(list(names))")
    }

    private func direction(_ operands: [String]) throws(SessionError) -> LinkDirection? {
        guard operands.count > 1 else { return nil }
        let id = try link(operands[0])
        for direction in LinkDirection.allCases {
            let name = lab.topology.name(of: id, direction)
            if operands[1] == name || operands[1] == name.replacingArrow() { return direction }
        }
        let names = LinkDirection.allCases.map { lab.topology.name(of: id, $0).replacingArrow() }
        throw SessionError("no direction '\(operands[1])'; there are: \(list(names))")
    }

    private func list(_ names: [String]) -> String {
        names.count <= 8 ? names.joined(separator: ", ") : names.prefix(8).joined(separator: ", ") + ", …"
    }

    // MARK: Values

    private func connection(_ text: String) throws(SessionError) -> ConnectionID {
        guard text.hasPrefix("c"), let number = UInt32(text.dropFirst()), number > 0 else {
            throw SessionError("'\(text)' is not a connection; they are called c1, c2, …")
        }
        return ConnectionID(number)
    }

    private func side(_ text: String) throws(SessionError) -> Side {
        switch text {
        case "client": return .client
        case "server": return .server
        default: throw SessionError("'\(text)' is not a side; write client or server")
        }
    }

    private func ordinal(_ text: String) throws(SessionError) -> Int64 {
        guard let number = Int64(text), number > 0 else {
            throw SessionError("'\(text)' is not the number of a segment, from 1")
        }
        return number
    }

    private func duration(_ text: String) throws(SessionError) -> Int64 {
        guard let value = Units.duration(text), value > 0 else {
            throw SessionError("'\(text)' is not a duration; write for example 200ms")
        }
        return value
    }

    private func rate(_ text: String) throws(SessionError) -> Int64 {
        guard let value = Units.rate(text) else {
            throw SessionError("'\(text)' is not a rate; write for example 1KiB/s")
        }
        return value
    }
}

extension String {
    fileprivate func replacingArrow() -> String { split(separator: "→").joined(separator: "->") }
}

/// Durations and rates as text.
public enum Units {
    /// Nanoseconds of a text like `200ms`; nil when it is none. Units `ns us ms s m`.
    public static func duration(_ text: String) -> Int64? { try? Scale.duration.read(text) }

    /// Bytes a second of a text like `1KiB/s`; nil when it is none. Units `B/s KiB/s MiB/s`.
    public static func rate(_ text: String) -> Int64? { try? Scale.rate.read(text) }
}
