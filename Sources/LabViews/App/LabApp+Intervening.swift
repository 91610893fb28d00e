import Lab
import PeerNetworking
import SimNetwork

extension LabApp {
    /// Does something to the network, from its verb and operands; without operands to what is selected.
    func intervene(_ verb: String, _ operands: [String]) throws(SessionError) {
        let isWhole = !operands.isEmpty || ActionSyntax.standsAlone(verb)
        let line = ([verb] + (isWhole ? operands : try operandsFromSelection(verb))).joined(separator: " ")
        let (action, whole) = try read(line, verb, operands)
        stop()
        try whenThere(is: .intervening) { app throws(SessionError) in try app.carryOut(action, whole) }
    }

    /// Reads a command line. Where it says how and not to what, it is done to what is selected: `delay 1s`.
    ///
    /// - Returns: the action, and its whole line.
    private func read(
        _ line: String, _ verb: String, _ operands: [String]
    ) throws(SessionError) -> (Action, String) {
        let syntax = ActionSyntax(lab: session.lab)
        do {
            return (try syntax.action(line), line)
        } catch {
            guard ActionSyntax.isOfPending(verb), !operands.isEmpty, let subject = pendingFromSelection(verb) else {
                throw error
            }
            let whole = ([verb, subject] + operands).joined(separator: " ")
            guard let action = try? syntax.action(whole) else { throw error }
            return (action, whole)
        }
    }

    /// The name of what is selected among what comes next, as a command takes it; nil where none is.
    private func pendingFromSelection(_ verb: String) -> String? {
        guard case .upcoming? = selectedItem else { return nil }
        let words = InterventionMenu(snapshot).lines(for: selectedItem).map {
            $0.split(separator: " ").map(String.init)
        }
        return words.first { $0.first == verb && $0.count > 1 }?[1]
    }

    /// Does something to the network whose world is there.
    ///
    /// - Parameter line: its command line.
    private func carryOut(_ action: Action, _ line: String) throws(SessionError) {
        let left = snapshot
        invalidate()
        try session.intervene(action)
        invalidate()
        settleClock()
        view.selected[.events] = nil
        say("done: \(ThingNames.shortened(line))" + pending(action, in: left) + saidOfBranch(from: left))
        if let second {
            do {
                // Real sockets can only be acted upon now.
                _ = try second.seek(to: .event(.max), budget: Self.slice)
                try second.intervene(action)
            } catch {
                if let done = snapshot.interventions.last {
                    let line = Names(snapshot).text(action)
                    view.refusals.append(Refusal(intervention: done, line: line))
                }
                complain(SessionError("done here, not on \(second.provider.rawValue): \(error.description)"))
            }
            invalidate()
        }
    }

    /// What an action was done to that goes by its place among what is pending: its name tells nobody.
    private func pending(_ action: Action, in left: Snapshot) -> String {
        guard let place = action.pendingPlace, let event = left.upcoming.first(where: { $0.place == place }) else {
            return ""
        }
        return " (\(EventText(left).line(of: event).text))"
    }

    private func operandsFromSelection(_ verb: String) throws(SessionError) -> [String] {
        let here = snapshot
        // What has happened is past: nothing is done to an event.
        let item: Item? = if case .event? = selectedItem { nil } else { selectedItem }
        let choices = InterventionMenu(here).lines(for: item)
        let matching = choices.first { $0.split(separator: " ").first.map(String.init) == verb }
        if let matching { return matching.split(separator: " ").dropFirst().map(String.init) }
        let form = ActionSyntax.form(of: verb) ?? verb
        let what = ActionSyntax.needs(verb) ?? "something to be done to"
        if ActionSyntax.isOfPending(verb) {
            let next = "select one in \(Pane.next.title), which must have the focus (\(Pane.next.digit))"
            throw SessionError("'\(verb)' needs \(what), and none is selected: \(next), or write: \(form)")
        }
        throw SessionError("'\(verb)' needs \(what), and none is selected; write: \(form)")
    }

    /// Opens the menu of what can be done with the selection.
    func openMenu() throws(SessionError) {
        let here = snapshot
        if let obstacle = here.obstacle { throw SessionError(obstacle) }
        // The newest event is selected where nobody has selected one: then the network is meant.
        let isChosen = view.focus != .events || view.selected[.events] != nil
        let menu = InterventionMenu(here).menu(for: isChosen ? selectedItem : nil)
        guard !menu.lines.isEmpty else {
            throw SessionError("nothing can be done here" + (menu.note.isEmpty ? "" : "; \(menu.note)"))
        }
        view.overlay = .menu(menu)
    }
}
