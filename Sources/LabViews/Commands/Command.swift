import Lab
package import Screen

/// Something a user can ask for: by key, on the command line, in a script.
package struct Command: Sendable {
    /// Commands that belong together in the help.
    package enum Group: String, Hashable, Sendable, CaseIterable {
        /// Along the run.
        case moving = "Moving through the run"
        /// Around the screen.
        case looking = "Looking"
        /// Interventions.
        case changing = "Changing the network"
        /// From one course of events to another.
        case timelines = "Timelines"
        /// The rest.
        case session = "Session"
    }

    /// A key, and the operands that it stands for.
    package struct Binding: Hashable, Sendable {
        /// The key.
        package var input: Input
        /// The operands.
        package var words: [String] = []
    }

    /// Its words in the key bar.
    package struct Bar: Hashable, Sendable, ExpressibleByStringLiteral {
        /// What it does, in a word or two.
        package var text: String
        /// The same while the run goes on; nil where that changes nothing.
        package var whileRunning: String?
        /// Whether it is shown in any width, at the end: without it nobody finds what is out of sight.
        package var isKept = false

        /// The words for a command that is shown where there is room.
        package init(stringLiteral text: String) { self.text = text }

        /// The words for a command that is always shown.
        package static func kept(_ text: String) -> Bar {
            var bar = Bar(stringLiteral: text)
            bar.isKept = true
            return bar
        }

        /// The words for a command that does something else while the run goes on.
        package static func changing(_ text: String, whileRunning: String) -> Bar {
            var bar = Bar(stringLiteral: text)
            bar.whileRunning = whileRunning
            return bar
        }
    }

    /// What does the work; throws a sentence that says why it cannot be done.
    typealias Action = @Sendable (LabApp, [String]) throws(SessionError) -> Void

    /// The name on the command line, unique.
    package let name: String
    /// The keys, each of them bound once.
    package let keys: [Binding]
    /// What its operands are, as the help shows it: `[COUNT]`.
    package let arguments: String
    /// What it does, in one sentence.
    package let help: String
    /// Where it stands in the help.
    package let group: Group
    /// Whether it changes the network, and so the run.
    package let changesNetwork: Bool
    /// Whether what it does may concern any event of the past.
    package let looksBack: Bool
    /// Its words in the key bar; nil where it is not shown there.
    package let bar: Bar?
    /// What does the work.
    let action: Action

    init(
        _ name: String, keys: [Input] = [], bindings: [Binding] = [], _ arguments: String = "", bar: Bar? = nil,
        group: Group, changesNetwork: Bool = false, looksBack: Bool = false, help: String,
        action: @escaping Action
    ) {
        self.name = name
        self.keys = keys.map { Binding(input: $0) } + bindings
        self.arguments = arguments
        self.bar = bar
        self.group = group
        self.changesNetwork = changesNetwork
        self.looksBack = looksBack
        self.help = help
        self.action = action
    }

    /// The name and the operands: `step [COUNT]`.
    package var form: String { arguments.isEmpty ? name : "\(name) \(arguments)" }
    /// The keys by name, with a space between: `s space`.
    package var keyNames: String { keys.map { KeyName.of($0.input) }.joined(separator: " ") }
}

extension Command {
    /// The one operand that is a count, or 1.
    static func count(_ words: [String]) throws(SessionError) -> Int {
        guard let word = words.first else { return 1 }
        guard words.count == 1, let count = Int(word), count > 0 else {
            throw SessionError("\(quoted(words.joined(separator: " "))) is not a count from 1")
        }
        // More than any run has: sums with it do not overflow.
        return min(count, 1_000_000_000)
    }

    /// Complains about operands where there are none to be.
    static func none(_ words: [String]) throws(SessionError) {
        guard let first = words.first else { return }
        throw SessionError("no operand is expected; \(quoted(first)) is too much")
    }
}
