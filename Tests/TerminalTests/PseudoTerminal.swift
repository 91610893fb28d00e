import CNcurses
import Screen
import Terminal

/// A terminal on a pseudo-device: the controller's end stands for the terminal's window.
final class PseudoTerminal {
    /// The end that a terminal emulator holds.
    private(set) var controller: Int32 = -1
    /// The end that a program draws on.
    let terminal: Int32

    init(rows: Int, columns: Int) throws(PseudoTerminalError) {
        var terminal: Int32 = -1
        guard peerlab_open_pty(Int32(rows), Int32(columns), &controller, &terminal) else { throw .none }
        self.terminal = terminal
    }

    deinit {
        hangUp()
        peerlab_close_descriptor(terminal)
    }

    /// Closes the window.
    func hangUp() {
        if controller >= 0 { peerlab_close_descriptor(controller) }
        controller = -1
    }

    /// Types.
    func type(_ text: String) {
        peerlab_write(controller, text)
    }

    func resize(rows: Int, columns: Int) {
        _ = peerlab_resize_pty(controller, Int32(rows), Int32(columns))
    }

    /// What was written since the last time; also makes room, since a program that writes into a full device waits.
    @discardableResult
    func output() -> String {
        var buffer = [CChar](repeating: 0, count: 65536)
        let count = Int(peerlab_drain(controller, &buffer, Int32(buffer.count)))
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The modes as they are now.
    var modes: [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = Int(peerlab_modes(terminal, &buffer, Int32(buffer.count)))
        return Array(buffer.prefix(count))
    }

    /// Opens the screen on it.
    func open(
        term: String? = "xterm-256color", noColor: String? = nil, colorFgBg: String? = nil, locale: String = "C.UTF-8",
        options: TerminalOptions = TerminalOptions()
    ) throws(TerminalError) -> CursesTerminal {
        peerlab_heed_signals()
        return try CursesTerminal(
            options: options,
            environment: TerminalEnvironment(term: term, noColor: noColor, colorFgBg: colorFgBg, locale: locale),
            input: terminal, output: terminal)
    }
}

enum PseudoTerminalError: Error {
    case none
}

/// What the screen library believes a cell shows.
struct HeldCell: Equatable {
    var text: String
    var emphasis: UInt32
    var foreground: Int32
    var background: Int32

    init?(row: Int, column: Int) {
        var scalars = [UInt32](repeating: 0, count: 8)
        var emphasis: UInt32 = 0
        var pair: Int32 = 0
        let count = peerlab_read_cell(Int32(row), Int32(column), &scalars, 8, &emphasis, &pair)
        guard count >= 0 else { return nil }
        text = String(String.UnicodeScalarView(scalars.prefix(Int(count)).compactMap(Unicode.Scalar.init)))
        self.emphasis = emphasis
        (foreground, background) = (-1, -1)
        if pair != 0 { _ = peerlab_read_pair(pair, &foreground, &background) }
    }
}
