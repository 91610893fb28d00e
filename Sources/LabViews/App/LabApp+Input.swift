import Lab
package import Screen

extension LabApp {
    /// Takes an input.
    ///
    /// - Returns: whether the picture may have changed.
    @discardableResult
    package func handle(_ input: Input) -> Bool {
        switch input {
        case .resize(let size):
            self.size = size
            return true
        case .terminate:
            wantsQuit = .terminated
            return false
        case .suspend:
            wantsSuspend = true
            return true
        case .interrupt where view.prompt == nil && seek == nil:
            wantsQuit = .interrupted
            return false
        default: break
        }
        if isTooSmall {
            // Nobody sees what a key would change.
            if input == .key("q") { wantsQuit = .asked }
            return false
        }
        view.notice = nil
        if view.prompt != nil { return type(input) }
        if input == .interrupt {
            stop()
            say("stopped")
            return true
        }
        if case .mouse(let event) = input { return handle(event) }
        if handleOverlay(input) { return true }
        guard let (command, words) = CommandTable.command(for: input) else {
            complain(SessionError("\(KeyName.of(input)) does nothing here; ? lists the keys"))
            return true
        }
        run(command, words)
        return true
    }

    /// Runs a command line.
    ///
    /// - Returns: whether it could be done; if not, ``ViewState/notice`` says why.
    @discardableResult
    package func execute(_ line: String) -> Bool {
        view.notice = nil
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let name = words.first else { return true }
        do {
            return run(try CommandTable.command(named: name), Array(words.dropFirst()))
        } catch {
            complain(error)
            return false
        }
    }

    @discardableResult
    private func run(_ command: Command, _ words: [String]) -> Bool {
        do {
            try command.action(self, words)
            advanceAfterCommand()
            return true
        } catch {
            advanceAfterCommand()
            complain(error)
            return false
        }
    }

    /// What depends on the cursor follows it at once, as far as a slice gets.
    private func advanceAfterCommand() {
        if seek == nil { work() }
    }

    /// Keys that mean something of their own to what lies over the panes.
    private func handleOverlay(_ input: Input) -> Bool {
        switch view.overlay {
        case nil: return false
        case .help(let scroll):
            if let moved = Self.scrolled(scroll, by: input, page: size.rows - 6) {
                view.overlay = .help(scroll: min(moved, max(0, CommandTable.helpLines.count - 1)))
            } else if [.escape, .enter, .key("?"), .key("q")].contains(input) {
                view.overlay = nil
            } else {
                complain(SessionError("Esc leaves the help"))
            }
            return true
        case .inspector(let item, let scroll):
            if let moved = Self.scrolled(scroll, by: input, page: size.rows - 6) {
                view.overlay = .inspector(item, scroll: moved)
                return true
            }
            guard [.escape, .enter, .key("q")].contains(input) else { return false }
            view.overlay = nil
            return true
        case .menu(let menu): return handle(input, in: menu)
        }
    }

    private func handle(_ input: Input, in menu: Menu) -> Bool {
        var menu = menu
        switch input {
        case .up, .key("k"): menu.selected = max(0, menu.selected - 1)
        case .down, .key("j"): menu.selected = min(menu.lines.count - 1, menu.selected + 1)
        case .enter:
            view.overlay = nil
            execute(menu.lines[menu.selected])
            return true
        case .key(let digit) where digit.wholeNumberValue.map { (1...menu.lines.count).contains($0) } ?? false:
            view.overlay = nil
            execute(menu.lines[(digit.wholeNumberValue ?? 1) - 1])
            return true
        case .escape, .key("q"), .key("i"):
            view.overlay = nil
            return true
        default:
            complain(SessionError("choose with the arrows and Enter, or by digit; Esc leaves"))
            return true
        }
        view.overlay = .menu(menu)
        return true
    }

    private static func scrolled(_ scroll: Int, by input: Input, page: Int) -> Int? {
        switch input {
        case .up, .key("k"): max(0, scroll - 1)
        case .down, .key("j"): scroll + 1
        case .pageUp: max(0, scroll - page)
        case .pageDown: scroll + page
        case .home: 0
        default: nil
        }
    }
}
