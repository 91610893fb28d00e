package import Lab
package import Screen

/// All commands: the one table that keys, the help, the key bar, the command line, scripts and the documentation read.
package enum CommandTable {
    /// The commands, in the order of the help.
    package static let all: [Command] = moving + looking + changing + timelines + session + breaking

    private static let byName: [String: Command] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    private static let byKey: [Input: (Command, [String])] = Dictionary(
        uniqueKeysWithValues: all.flatMap { command in
            command.keys.map { ($0.input, (command, $0.words)) }
        })

    /// The command of a key, and the operands that the key stands for.
    package static func command(for input: Input) -> (Command, [String])? { byKey[input] }

    /// The command of a name.
    ///
    /// - Throws: ``SessionError`` with the name that was perhaps meant.
    package static func command(named name: String) throws(SessionError) -> Command {
        if let command = byName[name] { return command }
        let begun = all.map(\.name).filter { $0.hasPrefix(name) }
        let offer =
            begun.count == 1
            ? "; did you mean '\(begun[0])'?"
            : Suggestion.offer(for: name, among: all.map(\.name), all: "on the screen ? lists the commands")
        throw SessionError("unknown command \(quoted(name))" + offer)
    }
}
