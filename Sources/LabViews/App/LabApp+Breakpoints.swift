package import Lab
import SimNetwork

extension LabApp {
    /// The word for what the lab expects and does not hold, where a condition may stand.
    static let failed = "failed"

    /// Reads what is to be stopped at.
    func target(_ words: [String]) throws(SessionError) -> Breakpoint.Target {
        words == [Self.failed] ? .failure : .condition(try session.lab.condition(words))
    }

    /// Adds a breakpoint, or switches those that there are.
    func changeBreakpoints(_ words: [String]) throws(SessionError) {
        guard words.count == 2, let verb = Verb(rawValue: words[0]), words[1] == Self.all || Int(words[1]) != nil else {
            let text = words.joined(separator: " ")
            let number = view.breakpoints.add(try target(words), text)
            running = nil
            return say("breakpoint \(number): \(text)")
        }
        let number = Int(words[1])
        guard view.breakpoints.all.contains(where: { number == nil || $0.number == number }) else {
            throw SessionError(number.map { "there is no breakpoint \($0)" } ?? "there are no breakpoints")
        }
        let isMeant = { (point: Breakpoint) in number == nil || point.number == number }
        switch verb {
        case .on: view.breakpoints.set(true, where: isMeant)
        case .off: view.breakpoints.set(false, where: isMeant)
        case .delete: view.breakpoints.remove(where: isMeant)
        }
        running = nil
        let done = verb == .delete ? "deleted" : verb.rawValue
        say(number.map { "breakpoint \($0) is \(done)" } ?? "all breakpoints are \(done)")
    }

    /// Makes the breakpoints that the screen opens with.
    ///
    /// - Parameter conditions: each in the words of the command `break`.
    package func open(stoppingAt conditions: [String]) throws(SessionError) {
        for condition in conditions {
            let words = condition.split(whereSeparator: \.isWhitespace).map(String.init)
            do {
                _ = view.breakpoints.add(try target(words), condition)
            } catch {
                throw SessionError("\(quoted(condition)): \(error)")
            }
        }
    }

    /// What is done with those that there are.
    private enum Verb: String { case on, off, delete }
    private static let all = "all"

    /// Complains where there is none that could stop anything.
    func needBreakpoints() throws(SessionError) {
        guard view.breakpoints.on.isEmpty else { return }
        throw SessionError(
            view.breakpoints.all.isEmpty
                ? "there are no breakpoints; b makes one" : "all breakpoints are off; :breakpoints lists them")
    }

    /// Opens the list of the breakpoints.
    func listBreakpoints() throws(SessionError) {
        guard !view.breakpoints.all.isEmpty else { throw SessionError("there are no breakpoints; b makes one") }
        view.overlay = .page(Page(view.breakpoints))
    }
}

extension Page {
    /// The breakpoints, each with what can be done with it.
    init(_ breakpoints: Breakpoints) {
        let lines = breakpoints.all.flatMap { point in
            let (word, other) = point.isOn ? ("on ", "off") : ("off", "on")
            var toggle = TextLine([
                ("\(point.number)  ", .time), (word, point.isOn ? .good : .dim), ("  \(point.text)", .plain),
                ("   Enter switches it \(other)", .dim),
            ])
            toggle.lead = .command("break \(other) \(point.number)")
            var delete = TextLine([("delete it", .dim)], depth: 2)
            delete.lead = .command("break delete \(point.number)")
            return [toggle, delete]
        }
        self.init(subject: .breakpoints, title: "Breakpoints", lines: lines)
    }
}
