import Lab
import Screen
import SimNetwork

// From one timeline to another.
extension LabApp {
    /// The two timelines that are gone to and fro between: the one that was begun first at the left.
    ///
    /// - Throws: ``SessionError`` where there is one alone.
    private func pair() throws(SessionError) -> (left: TimelineSummary, right: TimelineSummary) {
        guard session.traits.canChangeThePast else {
            throw SessionError("a run on \(session.provider.rawValue) has one timeline")
        }
        let timelines = snapshot.timelines
        let current = timelines[timelines.current]
        let kin = timelines.all.last { $0.parent == timelines.current }
        let other = view.partner.flatMap { timelines[$0] } ?? current?.parent.flatMap { timelines[$0] } ?? kin
        guard let current, let other, current.id != other.id else {
            throw SessionError("there is one timeline alone; B begins another, and so does what is done in the past")
        }
        return current.id < other.id ? (current, other) : (other, current)
    }

    /// The timeline of a name, or the one beside the current one.
    private func other(_ words: [String]) throws(SessionError) -> TimelineSummary {
        guard words.count <= 1 else { throw SessionError("one timeline is expected") }
        let timelines = snapshot.timelines
        if let name = words.first {
            let named = try timelines.named(name)
            guard named.id != timelines.current else { throw SessionError("'\(name)' is the timeline that this is") }
            return named
        }
        let pair = try pair()
        return pair.left.id == timelines.current ? pair.right : pair.left
    }

    /// Closes a window that tells of the timeline that is left.
    private func closePage() {
        switch view.overlay {
        case .page, .inspector: view.overlay = nil
        case .menu, .timelines, .text, .help, .warnings, nil: break
        }
    }

    // MARK: Going

    /// Goes to a timeline, to the same moment.
    func go(to summary: TimelineSummary) throws(SessionError) {
        let here = snapshot
        guard summary.id != here.timelines.current else {
            throw SessionError("'\(summary.name)' is the timeline that this is")
        }
        stop()
        invalidate()
        try session.go(to: summary.id)
        invalidate()
        settleClock()
        view.partner = here.timelines.current
        view.selected[.events] = nil
        if view.comparison != nil { try compare(with: here.timelines.current) }
        closePage()
        let hasMoment = snapshot.reached >= here.reached
        say("\(summary.name), " + (hasMoment ? "at the same moment" : "at its end: it has not come so far"))
    }

    /// Goes to the left or the right of the two timelines.
    func go(toLeft: Bool) throws(SessionError) {
        let pair = try pair()
        let (one, other) = toLeft ? (pair.left, pair.right) : (pair.right, pair.left)
        guard one.id != snapshot.timelines.current else {
            throw SessionError("this is \(one.name) already; \(toLeft ? "." : ",") goes to \(other.name)")
        }
        try go(to: one)
    }

    /// What is said where something was done that began a branch.
    func saidOfBranch(from left: Snapshot) -> String {
        guard snapshot.timelines.current != left.timelines.current else { return "" }
        closePage()
        view.partner = left.timelines.current
        return
            "; \(snapshot.timeline) begins after \(ThingNames.event(left.event)), and \(left.timeline) is kept: t shows both"
    }

    // MARK: Changing

    /// Begins a timeline at the cursor.
    func branch(_ words: [String]) throws(SessionError) {
        guard words.count <= 1 else { throw SessionError("one name is expected: branch NAME") }
        stop()
        let left = snapshot
        invalidate()
        try session.branch(named: words.first)
        invalidate()
        settleClock()
        view.partner = left.timelines.current
        closePage()
        if view.comparison != nil { try compare(with: left.timelines.current) }
        say("\(snapshot.timeline) begins after \(ThingNames.event(left.event)); \(left.timeline) is kept")
    }

    /// Gives a timeline another name.
    func rename(_ words: [String]) throws(SessionError) {
        let here = snapshot.timelines
        switch words.count {
        case 0:
            view.naming = here.current
            ask(.name)
        case 1, 2:
            let id = words.count == 2 ? try here.named(words[0]).id : here.current
            let name = words[words.count - 1]
            try session.rename(id, to: name)
            invalidate()
            say("'\(here[id]?.name ?? "")' is called '\(name)' from now on")
        default: throw SessionError("a timeline and its new name are expected: name [TIMELINE] NAME")
        }
    }

    /// Forgets a timeline.
    func forget(_ words: [String]) throws(SessionError) {
        guard words.count == 1 else { throw SessionError("a timeline is expected: forget TIMELINE") }
        let summary = try snapshot.timelines.named(words[0])
        try session.forget(summary.id)
        if view.comparison?.partner == summary.id { view.comparison = nil }
        if view.partner == summary.id { view.partner = nil }
        if case .timelines(summary.id)? = view.overlay { view.overlay = .timelines(snapshot.timelines.current) }
        invalidate()
        say("'\(summary.name)' is forgotten")
    }

    // MARK: Looking

    /// Shows the tree.
    func showTimelines() {
        if let tells { return tells(TimelineText(snapshot).lines.joined(separator: "\n")) }
        view.overlay = .timelines(snapshot.timelines.current)
    }

    /// Says where this timeline and another first differ.
    func showDifference(_ words: [String]) throws(SessionError) {
        let sentences = try session.difference(to: try other(words).id).sentences
        if let tells { return tells(sentences.joined(separator: "\n")) }
        view.overlay = .text("Where they differ", sentences, scroll: 0)
    }

    /// Shows this timeline and another side by side, or no longer.
    func toggleComparison(_ words: [String]) throws(SessionError) {
        if second != nil { throw SessionError("two networks are side by side already") }
        if view.comparison != nil, words.isEmpty {
            view.comparison = nil
            return
        }
        try compare(with: try other(words).id)
    }

    private func compare(with id: TimelineID) throws(SessionError) {
        view.partner = id
        view.comparison = TimelineComparison(
            id, try session.difference(to: id), snapshot.timelines, isCurrentLeft: snapshot.timelines.current < id)
        invalidate()
    }

    /// What two timelines differ in follows what happens on them, once that stands still.
    func followPartner() {
        guard let comparison = view.comparison, seek == nil, !isRunning else { return }
        let timelines = snapshot.timelines
        guard timelines[comparison.partner] != nil else {
            view.comparison = nil
            return
        }
        if !comparison.isOf(timelines) { try? compare(with: comparison.partner) }
    }

    // MARK: The window

    /// Keys in the window of the tree.
    func handle(_ input: Input, onTimeline selected: TimelineID) -> Bool {
        let all = snapshot.timelines.inOrder.map(\.summary)
        let place = all.firstIndex { $0.id == selected } ?? 0
        func select(_ index: Int) { view.overlay = .timelines(all[min(max(index, 0), all.count - 1)].id) }
        let isAskedAgain = view.forgetting == all[place].id
        view.forgetting = nil
        // The one that this is has the one beside it as its other.
        let other = all[place].id == snapshot.timelines.current ? "" : " \(all[place].name)"
        switch input {
        case .up, .key("k"): select(place - 1)
        case .down, .key("j"): select(place + 1)
        case .home: select(0)
        case .end: select(all.count - 1)
        case .enter:
            view.overlay = nil
            if all[place].id != snapshot.timelines.current { execute("timeline \(all[place].name)") }
        case .key("x"), .key("d"):
            view.overlay = nil
            execute("\(input == .key("x") ? "beside" : "diff")\(other)")
        case .key("f") where isAskedAgain || all[place].id == snapshot.timelines.current:
            execute("forget \(all[place].name)")
        case .key("f"):
            view.forgetting = all[place].id
            say("f once more forgets '\(all[place].name)' for good; any other key keeps it")
        case .key("n"):
            view.naming = all[place].id
            ask(.name)
        case .escape, .key("q"), .key("t"): view.overlay = nil
        default: complain(SessionError("choose with the arrows, Enter goes there; Esc leaves"))
        }
        return true
    }
}
