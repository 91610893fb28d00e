/// Why a terminal cannot show the screen.
package enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The input or the output is a file or a pipe; the name says which.
    case notATerminal(String)
    /// The variable `TERM` is not set.
    case terminalTypeUnset
    /// The terminfo database does not know the type.
    case unknownTerminalType(String)
    /// There is no terminfo database to look the type up in.
    case noTerminalDatabase(String)
    /// The terminal cannot move its cursor.
    case noCursorMovement(String)
    /// The screen library gave up.
    case cannotOpen(String)
    /// Another screen is open in this process.
    case alreadyOpen
    /// The file for the error output cannot be written.
    case logNotWritable(path: String, errorNumber: Int32)

    package var description: String {
        switch self {
        case .notATerminal(let stream):
            "standard \(stream) is not a terminal"
        case .terminalTypeUnset:
            "TERM is not set; set it to one that `infocmp` knows, for example xterm-256color"
        case .unknownTerminalType(let name):
            "unknown terminal type '\(name)'; set TERM to one that `infocmp` knows, for example xterm-256color"
        case .noTerminalDatabase(let name):
            "no terminfo database to look up terminal type '\(name)'; install one (Debian: ncurses-base)"
        case .noCursorMovement(let name):
            "terminal type '\(name)' cannot move the cursor; set TERM to one that can, for example xterm-256color"
        case .cannotOpen(let name):
            "the screen could not be opened on terminal type '\(name)'"
        case .alreadyOpen:
            "a screen is already open in this process"
        case .logNotWritable(let path, let errorNumber):
            "cannot write the log file \(path) (error \(errorNumber))"
        }
    }
}
