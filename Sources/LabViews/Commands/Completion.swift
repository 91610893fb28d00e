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
        let places = command.arguments.split(separator: " ").map { $0.filter { $0 != "[" && $0 != "]" } }
        if command.name == "until" { return conditions(after: words) }
        guard words.count < places.count else { return [] }
        switch places[words.count] {
        case "LINK": return snapshot.lab.topology.links.indices.map { names.name(LinkID($0)) }
        case "FROM->TO": return directions(of: words[0])
        case "HOST": return snapshot.lab.topology.hosts.map(\.name)
        case "PEER": return snapshot.lab.peers.map(\.name)
        case "CONNECTION": return snapshot.world.connections.map(\.id.description)
        case "SIDE": return ["client", "server"]
        case "SEGMENT":
            return snapshot.world.segments
                .filter { $0.connection.description == words[0] && $0.from.description == words[1] }
                .map { "\($0.ordinal)" }
        case "DURATION": return ["10ms", "100ms", "200ms", "1s", "10s"]
        case "RATE": return ["0B/s", "1KiB/s", "8KiB/s", "1MiB/s"]
        case "PANE": return Pane.allCases.map(\.rawValue)
        default: return []
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

    private func conditions(after words: [String]) -> [String] {
        switch words.count {
        case 0: ["fault", "message"] + snapshot.lab.peers.map(\.name)
        case 1: ["is"]
        case 2: PeerState.allCases.map(\.description)
        default: []
        }
    }
}
