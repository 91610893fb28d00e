package import Drill
import Lab
package import Screen

/// A script on the screen: its lines with the one that is due, what went over the wire, what the stack knows. It is stepped line by
/// line, forwards and backwards, and stops at the first line that does not hold.
package final class DrillApp {
    /// Why it ended.
    package enum Ending: Hashable, Sendable { case quit, interrupted, terminated }

    /// What the file is called.
    let name: String
    /// The lines of the file.
    let lines: [String]
    private let steps: DrillSteps
    private(set) var state: DrillSteps.State
    /// What the last key came to.
    private(set) var notice = ""

    /// - Parameter text: the script's own, of which it was read.
    package init(_ script: Script, text: String) {
        name = script.name
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        steps = DrillSteps(script)
        state = steps.state(after: 0)
    }

    /// How many events the script has.
    var count: Int { steps.script.events.count }

    /// The line that is due, from 1; nil at the end.
    var due: Int? { state.done < count ? steps.script.events[state.done].line : nil }

    /// Whether a line has not held.
    package var hasFailed: Bool { state.verdict != .holds }

    private func go(to place: Int) {
        notice = ""
        if place < 0 { notice = "the script begins here" }
        if place > count { notice = "the script is over" }
        if hasFailed, place > state.done { notice = "it stops at the line that does not hold" }
        state = steps.state(after: min(max(0, place), count))
    }

    /// Goes on to the first line that does not hold, or to the end.
    private func goOn() { go(to: count) }

    /// Does what a key asks.
    ///
    /// - Returns: why it ends, where it does.
    package func handle(_ input: Input) -> Ending? {
        switch input {
        case .key("s"), .key(" "), .key("j"), .down, .enter: go(to: state.done + 1)
        case .key("S"), .key("k"), .up, .backspace: go(to: hasFailed ? state.done : state.done - 1)
        case .key("r"), .key("n"), .key("]"), .end: goOn()
        case .key("["), .home: go(to: 0)
        case .pageDown: go(to: min(count, state.done + 10))
        case .pageUp: go(to: max(0, state.done - 10))
        case .key("q"): return .quit
        case .interrupt: return .interrupted
        case .terminate: return .terminated
        case .key, .paste, .control, .left, .right, .escape, .tab, .backTab, .delete, .insert, .function, .mouse,
            .resize,
            .suspend:
            break
        }
        return nil
    }

    /// Runs the screen on a device until the user or the system ends it; the device stays open.
    package func run(on device: any TerminalDevice) -> Ending {
        while true {
            device.show(frame(size: device.size, capabilities: device.capabilities))
            guard let input = device.nextInput(timeoutMilliseconds: -1) else { continue }
            if input == .suspend {
                device.suspend()
                device.redraw()
            } else if let ending = handle(input) {
                return ending
            }
        }
    }

    /// The picture at a size.
    package func frame(size: Size, capabilities: Capabilities) -> Screen.Frame {
        var canvas = Canvas(size: size, capabilities: capabilities)
        DrillPicture(app: self).draw(on: &canvas)
        return canvas.frame
    }
}
