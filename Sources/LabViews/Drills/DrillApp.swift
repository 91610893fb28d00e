package import Drill
import Lab
package import Screen

/// A script on the screen: its lines with the one that is due, what went over the wire and what the stack knows, of one stack or of
/// two beside each other. It is stepped event by event, forwards and backwards, and stops at the first line that does not hold.
package final class DrillApp {
    /// Why it ended.
    package enum Ending: Hashable, Sendable { case quit, interrupted, terminated }

    /// A stack that the script was gone through on.
    package struct Run: Sendable {
        /// What it is called.
        package let name: String
        /// How it went.
        package let steps: DrillSteps

        package init(_ name: String, _ steps: DrillSteps) { (self.name, self.steps) = (name, steps) }
    }

    /// What the file is called.
    let name: String
    /// The lines of the file.
    let lines: [String]
    /// The stacks: one or two.
    let runs: [Run]
    /// What the two do differently first.
    let difference: DrillDifference?
    private let script: Script
    /// How each stack stands.
    private(set) var states: [DrillSteps.State]
    /// Events that are behind it on the stack that has come the furthest.
    private(set) var place = 0
    /// What the last key came to.
    private(set) var notice = ""

    /// - Parameters:
    ///   - text: the script's own, of which it was read.
    ///   - runs: how it went, on one stack or two.
    package init(_ script: Script, text: String, runs: [Run]) {
        name = String(script.name.split(separator: "/").last ?? "")
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        (self.script, self.runs) = (script, runs)
        difference = runs.count == 2 ? DrillDifference.between(runs[0].steps, runs[1].steps) : nil
        states = runs.map { $0.steps.state(after: 0) }
    }

    /// How many events the script has.
    var count: Int { script.events.count }

    /// The line that is due, from 1; nil at the end.
    var due: Int? { place < count ? script.events[place].line : nil }

    /// The verdict that ends it here: of the first stack that has one.
    var verdict: Verdict { states.map(\.verdict).first { $0 != .holds } ?? .holds }

    /// Whether a line has not held.
    package var hasFailed: Bool { verdict != .holds }

    private func go(to wanted: Int) {
        notice = ""
        if wanted < 0 { notice = "the script begins here" }
        if wanted > count { notice = "the script is over" }
        if hasFailed, wanted > place { notice = "it stops at the line that does not hold" }
        // Where one stack stops, the other waits for it.
        let reach = runs.map(\.steps.reached).min() ?? 0
        let bounded = min(max(0, wanted), count)
        states = runs.map { $0.steps.state(after: min(bounded, reach + 1)) }
        place = states.map(\.done).min() ?? 0
    }

    /// Goes on to the first line that does not hold, or to the end.
    private func goOn() { go(to: count) }

    private func goToDifference() {
        guard let difference else {
            notice = runs.count == 2 ? "both do the same" : "--on both shows what two stacks do differently"
            return
        }
        go(to: difference.event)
        notice = "\(runs[0].name): \(difference.first); \(runs[1].name): \(difference.second)"
    }

    /// Does what a key asks.
    ///
    /// - Returns: why it ends, where it does.
    package func handle(_ input: Input) -> Ending? {
        switch input {
        case .key("s"), .key(" "), .key("j"), .down, .enter: go(to: place + 1)
        case .key("S"), .key("k"), .up, .backspace: go(to: hasFailed && place < count ? place : place - 1)
        case .key("r"), .key("n"), .key("]"), .end: goOn()
        case .key("["), .home: go(to: 0)
        case .key("d"): goToDifference()
        case .pageDown: go(to: min(count, place + 10))
        case .pageUp: go(to: max(0, place - 10))
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
