/// The page of the documentation that lists all commands and keys, in Markdown; made from the one table.
package func commandReference() -> String {
    var page = """
        # Commands and keys

        Every key of the screen is a command with a name. `:` takes any of them, and `peerlab run --script FILE` runs a file
        of them, one a line; what follows a `#` at the beginning of a line or after a space is a remark, unless a digit
        follows it (`goto #1200`). An action without its operands is done to what is selected.

        This page is made from the program's table of commands.

        ## Names

        What has only a number is called the same on the screen, in text and in commands:

        | name | of |
        | --- | --- |
        | `#1284` | an event, by its number in the run |
        | `c1` | a connection |
        | `c1>3`, `c1<3` | a segment: the third that the client of `c1` has sent, and the third of its server; where a command takes a segment, `c1>3` is short for `c1 client 3` |
        | `s57` | a segment by its number in the run, where nothing more is known of it |
        | `m41` | a message, by its number among those of its sender |

        `+2` at the end of an event's line says that two more of its changes deserve a line: Enter shows them all, and `/`
        finds them.

        """
    for group in Command.Group.allCases {
        page += "\n## \(group.rawValue)\n\n| command | keys | what it does |\n| --- | --- | --- |\n"
        for command in CommandTable.all where command.group == group {
            let keys = command.keys.map { "`\(KeyName.of($0.input))`" }.joined(separator: " ")
            page += "| `\(cell(command.form))` | \(keys) | \(cell(command.help)) |\n"
        }
    }
    return page
}

/// A bar ends a cell of the table, in code too.
private func cell(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
}

extension CommandTable {
    /// A line of the help: a heading, or a command with its keys.
    package struct HelpLine: Hashable, Sendable {
        /// The keys by name; empty for a heading and for a command without keys.
        package var keys: String
        /// The command and its operands; empty for a heading.
        package var form: String
        /// The heading, or what the command does.
        package var text: String
    }

    /// The help, line by line.
    package static let helpLines: [HelpLine] = Command.Group.allCases.flatMap { group in
        [HelpLine(keys: "", form: "", text: group.rawValue)]
            + all.filter { $0.group == group }.map {
                HelpLine(keys: $0.keyNames, form: $0.form, text: $0.help.filter { $0 != "`" })
            }
    }
}
