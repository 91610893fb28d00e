import CNcurses

extension CursesTerminal {
    /// Finds out whether there is a terminal that can show the screen, without writing to it.
    ///
    /// - Returns: the name of the terminal's type.
    static func examine(
        _ environment: TerminalEnvironment, input: Int32, output: Int32
    ) throws(TerminalError) -> String {
        guard peerlab_is_terminal(input) else { throw .notATerminal("input") }
        guard peerlab_is_terminal(output) else { throw .notATerminal("output") }
        guard let name = environment.term, !name.isEmpty else { throw .terminalTypeUnset }
        switch peerlab_examine_terminal(name, output) {
        case PEERLAB_TERMINAL_USABLE: return name
        case PEERLAB_TERMINAL_NO_DATABASE: throw .noTerminalDatabase(name)
        case PEERLAB_TERMINAL_NO_CURSOR_MOVEMENT: throw .noCursorMovement(name)
        default: throw .unknownTerminalType(name)
        }
    }
}
