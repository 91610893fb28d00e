import Lab
import PeerNetworking
import SimNetwork

/// What the next word of a command line may be, with the names of the lab.
struct Completion {
    let snapshot: Snapshot
    private static let limit = 200

    /// The candidates for the last word of a text, which may be empty.
    func candidates(for before: String) -> [String] {
        var words = before.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        let last = before.hasSuffix(" ") || words.isEmpty ? "" : words.removeLast()
        let all: [String]
        if let name = words.first {
            guard let command = try? CommandTable.command(named: name) else { return [] }
            all = operands(of: command, after: Array(words.dropFirst()))
        } else {
            all = CommandTable.all.map(\.name)
        }
        return Array(all.filter { $0.hasPrefix(last) && $0 != last }.prefix(Self.limit))
    }

    /// The candidates for a line that is asked for by another prompt.
    func candidates(for before: String, after purpose: Prompt.Purpose) -> [String] {
        purpose == .until ? candidates(for: "until " + before) : []
    }

    private func operands(of command: Command, after words: [String]) -> [String] {
        if command.arguments == "CONDITION" { return snapshot.lab.wordsOfCondition(after: words) }
        // Of an action that is written in two ways the first is offered.
        let form = command.arguments.split(separator: " | ").first.map(String.init) ?? ""
        let places = form.split(separator: " ").map { $0.filter { $0 != "[" && $0 != "]" } }
        let byPlace = places.filter { !$0.contains("=") }
        let given = words.filter { !$0.contains("=") }.flatMap { ThingNames.operands(ofSegment: $0) ?? [$0] }
        // Those that may be left out come with their keys, once the others are there.
        let named = places.filter { $0.contains("=") }.map { String($0.prefix { $0 != "=" }) + "=" }
            .filter { key in !words.contains { $0.hasPrefix(key) } }
        guard given.count < byPlace.count else { return named }
        let words = byPlace[given.count].split(separator: "|").flatMap { candidates(of: String($0), after: given) }
        // A segment's name stands for all of its operands.
        let takesSegment = given.isEmpty && byPlace.contains("SEGMENT")
        return words + (takesSegment ? snapshot.world.segments.map(ThingNames.segment) : [])
    }

    private func candidates(of metavariable: String, after words: [String]) -> [String] {
        switch metavariable {
        case "LINK": snapshot.lab.topology.links.indices.map { names.name(LinkID($0)) }
        case "FROM->TO": words.first.map { directions(of: $0) } ?? pairs
        case "HOST", "HOSTS", "HOST:PORT": snapshot.lab.topology.hosts.map(\.name)
        case "PEER": snapshot.lab.peers.map(\.name)
        case "CONNECTION": snapshot.world.connections.map(\.id.description)
        case "SIDE": ["client", "server"]
        case "SEGMENT":
            snapshot.world.segments
                .filter { $0.connection.description == words[0] && $0.from.description == words[1] }
                .map { "\($0.ordinal)" }
        case "SITE": DrawSite.names
        case "PROPERTY": LinkShape.Kind.allCases.map(\.rawValue)
        case "MOMENT": ProtocolMoment.allCases.map(\.rawValue)
        case "LATENCY": ["5ms", "200ms", "uniform(1ms,5ms)", "exponential(5ms)"]
        case "P": ["0", "0.01", "0.1", "0.5", "1"]
        case "SIZE": ["0B", "64B", "576B", "1KiB", "64KiB"]
        case "DURATION": ["10ms", "100ms", "200ms", "1s", "10s"]
        case "RATE": ["0B/s", "1KiB/s", "8KiB/s", "1MiB/s"]
        case "PANE": Pane.allCases.map(\.name)
        case "true", "false": [metavariable]
        default: []
        }
    }

    private var pairs: [String] {
        snapshot.lab.topology.links.flatMap { link in
            let (first, second) = (names.name(link.first), names.name(link.second))
            return ["\(first)->\(second)", "\(second)->\(first)"]
        }
    }

    private var names: Names { Names(snapshot) }

    private func directions(of link: String) -> [String] {
        for (index, candidate) in snapshot.lab.topology.links.enumerated() where names.name(LinkID(index)) == link {
            let (first, second) = (names.name(candidate.first), names.name(candidate.second))
            return ["\(first)->\(second)", "\(second)->\(first)"]
        }
        return []
    }
}
