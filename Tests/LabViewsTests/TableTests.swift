import Foundation
import Lab
import Screen
import Testing

@testable import LabViews

@Suite("The table of commands")
struct TableTests {
    @Test("Names and keys are there once")
    func unique() {
        let names = CommandTable.all.map(\.name)
        #expect(Set(names).count == names.count)
        let keys = CommandTable.all.flatMap { $0.keys.map(\.input) }
        #expect(Set(keys).count == keys.count)
    }

    @Test("Every command has a help text; every action is a command")
    func complete() {
        for command in CommandTable.all { #expect(!command.help.isEmpty, "\(command.name)") }
        for action in ActionSyntax.entries {
            let command = CommandTable.all.first { $0.name == action.name }
            #expect(command?.changesNetwork == true && command?.arguments == action.arguments, "\(action.name)")
        }
    }

    @Test("The help lists every command and key")
    func help() throws {
        let app = try makeApp("help")
        let text = app.frame(size: Size(rows: 400, columns: 120), capabilities: Capabilities()).text
        for command in CommandTable.all {
            // What is too long for a line goes on in the next.
            let parts = Canvas.wrapped(command.form, width: 90)
            #expect(parts.allSatisfy { text.contains(" \($0) ") }, "\(command.form)")
            for key in command.keys { #expect(text.contains(KeyName.of(key.input))) }
        }
    }

    @Test("The documentation's page is the table's")
    func reference() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/LabViews/LabViews.docc/Commands.md").standardized
        try Golden.check(commandReference(), file: page)
    }

    @Test("Suggestions")
    func suggestions() {
        let names = CommandTable.all.map(\.name)
        #expect(Suggestion.nearest(to: "quti", among: names) == "quit")
        #expect(Suggestion.nearest(to: "next-falt", among: names) == "next-fault")
        #expect(Suggestion.nearest(to: "xyzzyxyzzy", among: names) == nil)
    }
}
