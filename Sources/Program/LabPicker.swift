import ArgumentParser
import Lab
import Screen
import Terminal

/// The list of labs on the screen: j, k (or the arrows), Enter.
struct LabPicker {
    private var labs: [LabLibrary.Entry]
    private var selected = 0
    /// What is wrong with the lab that was picked last, while it is shown.
    private var problems: LabDiagnostics?

    /// Where a newcomer begins: it is selected at first.
    private static let first = "hello"

    /// Finds the labs; it is an error when there are none.
    init() throws {
        labs = LabLibrary.standard().list(workloads: KnownWorkloads.all)
        selected = labs.firstIndex { $0.name == Self.first } ?? 0
        guard !labs.isEmpty else {
            throw Failure(
                status: .unusable,
                message:
                    "error: no labs found in ./labs, $PEERLAB_PATH or beside the program; give a file: peerlab FILE")
        }
    }

    /// Lets the user pick a lab; the one picked last is selected.
    ///
    /// One that cannot be read is not picked: what is wrong with it is shown, and another can be.
    ///
    /// - Returns: the picked lab; nil when none was picked.
    mutating func pick(_ options: ScreenOptions) throws -> LabDefinition? {
        try ScreenRun.withTerminal(options) { terminal -> LabDefinition? in
            do throws(Ending) {
                return try run(on: terminal)
            } catch {
                if error == .terminated { terminal.endBySignal() }
                throw ExitCode(ExitStatus.interrupted.rawValue)
            }
        }
    }

    /// Why there is no answer.
    private enum Ending: Error {
        case interrupted
        case terminated
    }

    private mutating func run(on device: any TerminalDevice) throws(Ending) -> LabDefinition? {
        while true {
            device.show(frame(size: device.size, capabilities: device.capabilities), cursor: nil)
            let input = device.nextInput(timeoutMilliseconds: -1)
            // Nobody sees what is selected then.
            if isTooSmall(device.size), input == .enter || input == .key(" ") { continue }
            if problems != nil, [.enter, .key(" "), .key("q"), .escape].contains(input) {
                problems = nil
                continue
            }
            switch input {
            case .up, .key("k"): selected = max(0, selected - 1)
            case .down, .key("j"): selected = min(labs.count - 1, selected + 1)
            case .home: selected = 0
            case .end: selected = labs.count - 1
            case .enter, .key(" "): if let lab = open() { return lab }
            case .key("q"), .escape: return nil
            case .interrupt: throw .interrupted
            case .terminate: throw .terminated
            case .suspend:
                device.suspend()
                device.redraw()
            default: break
            }
        }
    }

    /// Reads the selected lab as it is now: its file may have changed since it was listed.
    private mutating func open() -> LabDefinition? {
        do throws(LabDiagnostics) {
            let lab = try LabFile.load(path: labs[selected].path, workloads: KnownWorkloads.all)
            labs[selected].title = lab.title
            labs[selected].problems = nil
            return lab
        } catch {
            labs[selected].problems = error
            problems = error
            return nil
        }
    }

    private func isTooSmall(_ size: Size) -> Bool { size.rows < 5 || size.columns < 30 }

    private func frame(size: Size, capabilities: Capabilities) -> Frame {
        var canvas = Canvas(size: size, capabilities: capabilities)
        guard !isTooSmall(size) else {
            canvas.put("too small: 30x5 at least", at: Position(row: 0, column: 0), width: size.columns)
            return canvas.frame
        }
        let rows = Rect(size).split(rows: [.weight(1), .fixed(1)])
        let visible = max(0, rows[0].rows - 2)
        let first = max(0, min(selected - visible / 2, labs.count - visible))
        let inside = canvas.within(rows[0]) { canvas in
            let (above, below) = (first, max(0, labs.count - first - visible))
            let parts = [(canvas.glyphs.upArrow, above), (canvas.glyphs.downArrow, below)].filter { $0.1 > 0 }
            let foot = parts.map { "\($0.0) \($0.1)" }.joined(separator: "  ") + (parts.isEmpty ? "" : " more")
            return canvas.box(title: "Labs", focused: true, foot: foot)
        }
        let width = (labs.map { DisplayWidth.of($0.name) }.max() ?? 0) + 2
        for (row, index) in (first..<min(labs.count, first + visible)).enumerated() {
            let lab = labs[index]
            let style: Style = index == selected ? .selection : .normal
            let marker = index == selected ? "\(capabilities.glyphs.rightArrow) " : "  "
            let name = lab.name + String(repeating: " ", count: max(0, width - DisplayWidth.of(lab.name)))
            let title = lab.problems == nil ? lab.title : "cannot be read: Enter says why"
            canvas.put(
                marker + name + title, at: Position(row: inside.row + row, column: inside.column), style,
                width: inside.columns)
        }
        if let problems { draw(problems, in: rows[0], on: &canvas) }
        canvas.put(
            problems == nil ? " j/k select   Enter open   q quit" : " Esc back to the labs",
            at: Position(row: rows[1].row, column: 0), .dim,
            width: size.columns)
        return canvas.frame
    }

    /// A window over the labs with all that is wrong with one, as far as there is room.
    private func draw(_ problems: LabDiagnostics, in area: Rect, on canvas: inout Canvas) {
        let width = area.columns - 4
        let lines = (problems.all + problems.warnings).flatMap { Canvas.wrapped($0.description, width: max(10, width)) }
        let rect = area.centred(Size(rows: min(area.rows, lines.count + 2), columns: area.columns))
        canvas.within(rect) { canvas in
            canvas.fill(canvas.bounds)
            let room = canvas.bounds.rows - 2
            let more = lines.count > room ? "\(canvas.glyphs.downArrow) \(lines.count - room) more: peerlab check" : ""
            let inner = canvas.box(title: "\(labs[selected].name) cannot be read", focused: true, foot: more)
            for (row, line) in lines.prefix(room).enumerated() {
                canvas.put(
                    line, at: Position(row: inner.row + row, column: inner.column + 1), .danger,
                    width: inner.columns - 2)
            }
        }
    }
}
