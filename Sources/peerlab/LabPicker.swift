import Lab
import Screen

/// The list of labs on the screen: up, down, Enter.
struct LabPicker {
    private let labs: [LabLibrary.Entry]
    private var selected = 0

    private init(labs: [LabLibrary.Entry]) {
        self.labs = labs
    }

    /// Lets the user pick a lab; without a terminal it lists them.
    ///
    /// - Returns: the picked lab's file; nil when none was picked.
    static func pick(_ options: ScreenOptions) throws -> String? {
        let labs = LabLibrary.standard().list()
        guard ScreenRun.hasTerminal else {
            Output.result(try Labs.list(.text))
            return nil
        }
        guard !labs.isEmpty else {
            throw Failure(
                status: .unusable,
                message: "error: no labs found in ./labs, $PEERLAB_PATH or beside the program; give a file: peerlab FILE")
        }
        var picker = LabPicker(labs: labs)
        return try ScreenRun.withTerminal(options) { picker.run(on: $0) }
    }

    private mutating func run(on device: any TerminalDevice) -> String? {
        while true {
            device.show(frame(size: device.size, capabilities: device.capabilities), cursor: nil)
            switch device.nextInput(timeoutMilliseconds: -1) {
            case .up, .key("k"): selected = max(0, selected - 1)
            case .down, .key("j"): selected = min(labs.count - 1, selected + 1)
            case .home: selected = 0
            case .end: selected = labs.count - 1
            case .enter, .key(" "): return labs[selected].path
            case .key("q"), .escape, .interrupt, .terminate: return nil
            case .suspend:
                device.suspend()
                device.redraw()
            default: break
            }
        }
    }

    private func frame(size: Size, capabilities: Capabilities) -> Frame {
        var canvas = Canvas(size: size, capabilities: capabilities)
        guard size.rows >= 5, size.columns >= 30 else {
            canvas.put("too small: 30x5 at least", at: Position(row: 0, column: 0))
            return canvas.frame
        }
        let rows = Rect(size).split(rows: [.weight(1), .fixed(1)])
        let inside = canvas.within(rows[0]) { $0.box(title: "Labs", focused: true) }
        let visible = inside.rows
        let first = max(0, min(selected - visible / 2, labs.count - visible))
        let width = (labs.map { DisplayWidth.of($0.name) }.max() ?? 0) + 2
        for (row, index) in (first..<min(labs.count, first + visible)).enumerated() {
            let lab = labs[index]
            let style: Style = index == selected ? .selection : .normal
            let marker = index == selected ? "\(capabilities.glyphs.rightArrow) " : "  "
            let name = lab.name + String(repeating: " ", count: max(0, width - DisplayWidth.of(lab.name)))
            let title = lab.problems == nil ? lab.title : "cannot be read: peerlab check \(lab.path)"
            canvas.put(
                marker + name + title, at: Position(row: inside.row + row, column: inside.column), style,
                width: inside.columns)
        }
        canvas.put(
            " up/down select   Enter open   q quit", at: Position(row: rows[1].row, column: 0), .dim, width: size.columns)
        return canvas.frame
    }
}
