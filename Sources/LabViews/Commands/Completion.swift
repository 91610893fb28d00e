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
        switch purpose {
        case .until: candidates(for: "until " + before)
        case .breakpoint: candidates(for: "break " + before)
        case .command, .filter, .goto, .write, .name: []
        }
    }

    private func operands(of command: Command, after words: [String]) -> [String] {
        if command.arguments == "CONDITION" {
            let all = snapshot.lab.wordsOfCondition(after: words)
            return words.isEmpty ? all + [LabApp.failed] : all
        }
        let forms = ActionForm.named(command.name)
        guard forms.isEmpty else { return operands(of: forms, after: words) }
        switch (command.arguments, words.count) {
        case ("PANE", 0): return Pane.allCases.map(\.name)
        case ("[DURATION]", 0): return durations
        case ("TIMELINE", 0), ("[TIMELINE]", 0), ("[TIMELINE] NAME", 0): return snapshot.timelines.all.map(\.name)
        case ("[near] [SITE]", 0): return [LabApp.near] + DrawSite.names
        case ("[near] [SITE]", 1): return words.first == LabApp.near ? DrawSite.names : []
        default: return []
        }
    }
}
