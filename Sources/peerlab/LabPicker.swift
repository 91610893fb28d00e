import ArgumentParser
import Lab
import Screen
import Terminal

/// The list of labs on the screen: j, k (or the arrows), Enter.
struct LabPicker {
    private let labs: [LabLibrary.Entry]
    private var selected = 0

    /// Where a newcomer begins: it is selected at first.
    private static let first = "hello"

    /// Finds the labs; it is an error when there are none.
    init() throws {
        labs = LabLibrary.standard().list()
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
    /// - Returns: the picked lab's file; nil when none was picked.
    mutating func pick(_ options: ScreenOptions) throws -> String? {
        try ScreenRun.withTerminal(options) { terminal -> String? in
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

    private mutating func run(on device: any TerminalDevice) throws(Ending) -> String? {
        while true {
            device.show(frame(size: device.size, capabilities: device.capabilities), cursor: nil)
            let input = device.nextInput(timeoutMilliseconds: -1)
            // Nobody sees what is selected then.
            if isTooSmall(device.size), input == .enter || input == .key(" ") { continue }
            switch input {
            case .up, .key("k"): selected = max(0, selected - 1)
            case .down, .key("j"): selected = min(labs.count - 1, selected + 1)
            case .home: selected = 0
            case .end: selected = labs.count - 1
            case .enter, .key(" "): return labs[selected].path
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

    private func isTooSmall(_ size: Size) -> Bool { size.rows < 5 || size.columns < 30 }

    private func frame(size: Size, capabilities: Capabilities) -> Frame {
        var canvas = Canvas(size: size, capabilities: capabilities)
        guard !isTooSmall(size) else {
            canvas.put("too small: 30x5 at least", at: Position(row: 0, column: 0), width: size.columns)
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
            " j/k select   Enter open   q quit", at: Position(row: rows[1].row, column: 0), .dim,
            width: size.columns)
        return canvas.frame
    }
}
