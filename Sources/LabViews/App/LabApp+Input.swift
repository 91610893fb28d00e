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
            if input == .interrupt { wantsQuit = .interrupted }
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
        if case .paste = input {
            // Its characters are no keys.
            complain(SessionError("pasted text goes where a line is asked for; : asks for a command"))
            return true
        }
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
            try awaitWorld(before: command)
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
        case .help(let scroll)?:
            if let moved = scrolled(scroll, by: input) {
                view.overlay = .help(scroll: moved)
            } else if [.escape, .enter, .key("?"), .key("q")].contains(input) {
                view.overlay = nil
            } else {
                complain(SessionError("Esc leaves the help"))
            }
            return true
        case .inspector(let item, let scroll)?:
            if let moved = scrolled(scroll, by: input) {
                view.overlay = .inspector(item, scroll: moved)
                return true
            }
            guard [.escape, .enter, .key("q")].contains(input) else { return false }
            view.overlay = nil
            return true
        case .warnings(let scroll)?:
            if let moved = scrolled(scroll, by: input) {
                view.overlay = .warnings(scroll: moved)
                return true
            }
            guard [.escape, .enter, .key("q")].contains(input) else { return false }
            view.overlay = nil
            return true
        case .text(let title, let lines, let scroll)?:
            if let moved = scrolled(scroll, by: input) {
                view.overlay = .text(title, lines, scroll: moved)
                return true
            }
            guard [.escape, .enter, .key("q")].contains(input) else { return false }
            view.overlay = nil
            return true
        case .page(let page)?: return handle(input, in: page)
        case .menu(let menu)?: return handle(input, in: menu)
        case .timelines(let selected)?: return handle(input, onTimeline: selected)
        }
    }

    private func handle(_ input: Input, in menu: Menu) -> Bool {
        var menu = menu
        switch input {
        case .up, .key("k"): menu.move(by: -1)
        case .down, .key("j"): menu.move(by: 1)
        case .pageUp: menu.move(by: -windowRows)
        case .pageDown: menu.move(by: windowRows)
        case .home: menu.move(by: -menu.lines.count)
        case .end: menu.move(by: menu.lines.count)
        case .enter:
            choose(menu.selected, of: menu)
            return true
        case .key(let digit) where digit.wholeNumberValue.map { (1...menu.lines.count).contains($0) } ?? false:
            choose((digit.wholeNumberValue ?? 1) - 1, of: menu)
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

    /// Does what was chosen, where that is to be done.
    private func choose(_ index: Int, of menu: Menu) {
        view.overlay = nil
        if let place = menu.place, place != snapshot.event {
            guard execute("goto \(ThingNames.event(place))"), snapshot.event == place else { return }
        }
        execute(menu.lines[index])
    }

    /// The rows inside a window over the panes, at most.
    var windowRows: Int {
        max(1, Layout(size: size, view: view, snapshot: snapshot, isComparing: isComparing).body.rows - 2)
    }

    /// From which line on the text of the window is shown after a key; nil where the key does not scroll.
    private func scrolled(_ scroll: Int, by input: Input) -> Int? {
        guard let overlay = view.overlay,
            let last = WindowText(overlay, Scene(view, snapshot), columns: size.columns)?.last(within: windowRows + 2)
        else { return nil }
        let moved: Int
        switch input {
        case .up, .key("k"): moved = scroll - 1
        case .down, .key("j"): moved = scroll + 1
        case .pageUp: moved = scroll - windowRows
        case .pageDown: moved = scroll + windowRows
        case .home: moved = 0
        case .end: moved = last
        default: return nil
        }
        return min(max(0, moved), last)
    }
}
