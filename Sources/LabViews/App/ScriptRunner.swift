import Lab

/// Runs a script: command lines of the one table, one a line.
package struct ScriptRunner {
    /// A line that could not be carried out.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The line, from 1.
        package var line: Int
        /// Why not.
        package var message: String

        /// `line N: why`.
        package var description: String { "line \(line): \(message)" }
    }

    /// How a script ended that could be carried out.
    package enum Ending: Hashable, Sendable {
        /// At its end, or where it was cancelled.
        case done
        /// At the line that quits, from 1; so many lines with commands stand behind it.
        case quit(line: Int, left: Int)
    }

    private let lines: [String]

    /// Reads a script.
    ///
    /// - Parameter text: commands, one a line; empty lines are skipped, and so is what follows a `#` at the beginning of
    ///   a line or after a space, unless a digit follows it: `goto #1200` is a place.
    package init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(Self.withoutRemark)
    }

    /// Whether it has commands that look back at more than the latest events, or change the past: what they need is best
    /// kept. Commands that cannot be read look nowhere.
    package var looksBack: Bool {
        lines.contains { line in
            guard let word = line.split(whereSeparator: \.isWhitespace).first else { return false }
            return (try? CommandTable.command(named: String(word)))?.looksBack ?? false
        }
    }

    /// Runs the script to its end, to the first line that fails, or to the one that quits.
    ///
    /// - Parameters:
    ///   - app: the screen that the commands are given to.
    ///   - wait: called while what a command waits for has not happened yet on real sockets.
    ///   - isCancelled: whether to stop where the run is.
    ///   - afterEach: looks at the screen after a command has done all that it began.
    /// - Returns: how it ended; who runs it ends the run where it quits.
    @discardableResult
    package func run(
        on app: LabApp, wait: () -> Void = {}, isCancelled: () -> Bool = { false },
        afterEach: (LabApp) -> Void = { _ in }
    ) throws(Failure) -> Ending {
        let commands = lines.enumerated().filter { $0.element.contains { !$0.isWhitespace } }
        for (place, (index, line)) in commands.enumerated() {
            let hasSucceeded = app.execute(line)
            app.settle(wait: wait, isCancelled: isCancelled)
            if isCancelled() { return .done }
            if let notice = app.view.notice, !hasSucceeded || notice.isError {
                throw Failure(line: index + 1, message: notice.text)
            }
            if app.view.prompt != nil {
                let word = line.split(whereSeparator: \.isWhitespace).first ?? ""
                throw Failure(
                    line: index + 1, message: "\(quoted(word)) needs an operand: a script cannot be asked for it")
            }
            afterEach(app)
            if app.wantsQuit != nil { return .quit(line: index + 1, left: commands.count - place - 1) }
        }
        return .done
    }

    private static func withoutRemark(_ line: Substring) -> String {
        let characters = Array(line)
        for (index, character) in characters.enumerated() where character == "#" {
            let startsWord = index == 0 || characters[index - 1].isWhitespace
            let isPlace = index > 0 && index + 1 < characters.count && characters[index + 1].isNumber
            if startsWord, !isPlace { return String(characters[..<index]) }
        }
        return String(line)
    }
}
