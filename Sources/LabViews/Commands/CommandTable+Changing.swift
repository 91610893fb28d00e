import Lab
import Screen

extension CommandTable {
    static let changing: [Command] =
        [
            Command(
                "intervene", keys: [.key("i")], bar: "intervene", group: .changing,
                help: "Choose among what can be done with the selection."
            ) { app, words throws(SessionError) in
                try Command.none(words)
                try app.openMenu()
            }
        ]
        + ActionSyntax.forms.map { form in
            let words = form.split(separator: " ", maxSplits: 1).map(String.init)
            let verb = words[0]
            return Command(
                verb, words.count > 1 ? words[1] : "", group: .changing, changesNetwork: true,
                help: helpTexts[verb] ?? ""
            ) { app, operands throws(SessionError) in try app.intervene(verb, operands) }
        }

    /// What each action does; without operands it is done to what is selected.
    static let helpTexts = [
        "cut": "Cut a link, or one direction of it: what is on it is lost, and what is sent over it.",
        "heal": "Heal a link, or one direction of it.",
        "power-loss": "Take a host's power: its processes and sockets are gone without a word.",
        "power-on": "Give a host its power back, and start its processes.",
        "kill": "Kill a peer's process: its kernel closes its sockets.",
        "restart": "Start a peer's process again, killing it first if it runs.",
        "pause": "Stop a peer's process; its kernel goes on acknowledging.",
        "resume": "Let a paused process go on.",
        "slow-reader": "Hold a process's reads to a rate; `0B/s` lifts the limit.",
        "reset": "Reset both ends of a connection.",
        "drop": "Drop a segment that is on the wire: by default the one selected among what comes next.",
        "delay": "Put off the arrival of a segment that is on the wire: by default the selected one, by 200ms.",
    ]
}
