import CNcurses
import CTrap
package import Screen

/// The terminal this process runs on, through ncurses.
///
/// There is one at a time, and one thread owns it. While it is open, requests to end (every signal that ends a process by
/// default, and SIGINT) and to stop come out of ``nextInput(timeoutMilliseconds:)``; a request to end that is repeated a second later ends the process at
/// once. A crash gives the terminal back before it goes its way.
package final class CursesTerminal: TerminalDevice {
    /// The extent of the screen.
    package private(set) var size: Size
    /// What the screen can show.
    package let capabilities: Capabilities

    /// The signal that asked the process to end.
    var endedBy: Int32?

    let input: Int32
    private let logPath: String?
    private var painter: CursesPainter
    private var shown: Frame?
    private var shownCursor: Position?
    private var isOpen = true

    /// Takes the terminal.
    ///
    /// - Parameters:
    ///   - options: what the user chose.
    ///   - environment: the variables that describe the terminal.
    ///   - input: the file descriptor to read keys from.
    ///   - output: the file descriptor to draw on.
    /// - Throws: why the terminal cannot show the screen; nothing was written to it then.
    package init(
        options: TerminalOptions = TerminalOptions(), environment: TerminalEnvironment = .current,
        input: Int32 = 0, output: Int32 = 1
    ) throws(TerminalError) {
        guard !peerlab_is_open() else { throw .alreadyOpen }
        // The locale decides about every character from here on, so it comes before everything else.
        _ = peerlab_set_locale(environment.locale)
        let name = try Self.examine(environment, input: input, output: output)
        if let path = options.logPath {
            let errorNumber = peerlab_redirect_errors(path)
            guard errorNumber == 0 else { throw .logNotWritable(path: path, errorNumber: errorNumber) }
        }
        guard peerlab_install_signals(), peerlab_open(name, input, output, options.mouse) else {
            peerlab_remove_signals()
            peerlab_return_errors()
            throw .cannotOpen(name)
        }
        peerlab_follow_resizes()
        self.input = input
        logPath = options.logPath
        size = Size(rows: Int(peerlab_rows()), columns: Int(peerlab_columns()))
        let isUnicode = peerlab_codeset_is_utf8() && !options.forceASCII
        capabilities = Capabilities(
            tier: environment.tier(colors: Int(peerlab_colors())), glyphs: isUnicode ? .unicode : .ascii,
            background: options.background ?? environment.background)
        painter = CursesPainter(palette: Palette(for: capabilities))
        if options.watches { _ = peerlab_watch_keyboard(input) }
    }

    deinit {
        close()
    }

    /// Shows a frame, and the cursor at a position or nowhere.
    package func show(_ frame: Frame, cursor: Position?) {
        guard isOpen else { return }
        let diff = FrameDiff(from: shown, to: frame)
        guard !diff.runs.isEmpty || cursor != shownCursor || shown == nil else { return }
        if shown?.size != frame.size { peerlab_erase() }
        for run in diff.runs { painter.paint(run, of: frame, on: size) }
        let place = cursor ?? Position(row: 0, column: 0)
        peerlab_refresh(Int32(place.row), Int32(place.column), cursor != nil)
        shown = frame
        shownCursor = cursor
    }

    /// The next key, event of the mouse, or request by a signal.
    package func nextInput(timeoutMilliseconds: Int) -> Input? {
        guard isOpen else { return nil }
        peerlab_begin_reading()
        defer { peerlab_end_reading() }
        let deadline = timeoutMilliseconds < 0 ? nil : peerlab_milliseconds() + Int64(timeoutMilliseconds)
        while true {
            if let request = takeRequest() { return request }
            let raw = peerlab_read_input()
            if raw.kind == PEERLAB_INPUT_PASTE { return readPaste() }
            if raw.kind == PEERLAB_INPUT_CHARACTER, let burst = readBurst(behind: raw.value) { return burst }
            if let input = decoded(raw) { return input }
            if raw.kind != PEERLAB_INPUT_NONE { continue }
            let left = deadline.map { max(0, $0 - peerlab_milliseconds()) } ?? -1
            let woken = peerlab_wait(input, left)
            if woken == 0 { return nil }
            // Reading from a terminal that is gone finds nothing for ever.
            if woken & Int32(PEERLAB_WAIT_GONE) != 0 { return decoded(peerlab_read_input()) ?? .terminate }
        }
    }

    /// Whether somebody wants to interrupt what goes on, or the process is to end; who asks takes the former up.
    package func takeInterrupt() -> Bool {
        isOpen && (peerlab_take_signal(PEERLAB_SIGNAL_INTERRUPT) || peerlab_is_to_end())
    }

    /// Draws everything anew at the next frame.
    package func redraw() {
        guard isOpen else { return }
        shown = nil
        peerlab_forget()
    }

    /// Gives the terminal back, stops the process, and takes the terminal again when the process goes on.
    package func suspend() {
        guard isOpen else { return }
        leave()
        peerlab_stop_process()
        enter()
    }

    /// Gives the terminal back for good.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        peerlab_watch_end()
        peerlab_close()
        peerlab_remove_signals()
        peerlab_return_errors()
    }

    /// Gives the terminal back for a while.
    package func leave() {
        peerlab_leave()
        peerlab_return_errors()
    }

    /// Takes the terminal again after ``leave()``, or after the process was stopped without it.
    package func enter() {
        if let logPath { _ = peerlab_redirect_errors(logPath) }
        peerlab_enter()
        adoptSize()
        redraw()
    }

    /// Takes over the terminal's present size, and forgets what was shown on the old one.
    ///
    /// - Returns: whether it is another size than before.
    @discardableResult
    func adoptSize() -> Bool {
        peerlab_adopt_size()
        let old = size
        size = Size(rows: Int(peerlab_rows()), columns: Int(peerlab_columns()))
        // What a terminal does to its lines when it changes its size is its own affair: none of them is counted on.
        if size != old { redraw() }
        return size != old
    }

    /// Ends the process by the signal that asked for it, if one did; to be called last, after ``close()``.
    ///
    /// The parent then sees the signal rather than an exit code, as it expects of a program it ended.
    package func endBySignal() {
        close()
        if let endedBy { peerlab_die_by(endedBy) }
    }
}
