import Lab
import Screen

extension CommandTable {
    static let changing: [Command] =
        [
            Command(
                "intervene", keys: [.key("i")], bar: "intervene", group: .changing, looksBack: true,
                help: "Choose among what can be done with the selection."
            ) { app, words throws(SessionError) in
                try Command.none(words)
                try app.openMenu()
            }
        ]
        + ActionSyntax.entries.map { action in
            Command(action.name, action.arguments, group: .changing, changesNetwork: true, help: action.help) {
                app, operands throws(SessionError) in try app.intervene(action.name, operands)
            }
        }
}
