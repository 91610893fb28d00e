import Lab

// Worlds that are not there are rebuilt in slices, between which keys are looked at.
extension LabApp {
    /// Does something for which a world is needed, at once where that is there, else when it is rebuilt.
    func whenThere(
        is use: WorldUse, _ body: @escaping (LabApp) throws(SessionError) -> Void
    ) throws(SessionError) {
        guard session.rebuilding(for: use) != nil else { return try body(self) }
        begin(.world(use, then: body))
    }

    /// What was asked for while a world is rebuilt for it is not given up for something else unseen.
    ///
    /// - Throws: ``SessionError`` where a command would end that.
    func awaitWorld(before command: Command) throws(SessionError) {
        guard case .world? = seek?.goal else { return }
        switch command.group {
        case .moving, .changing, .timelines:
            throw SessionError("what was asked for last comes first: wait for it, or give it up with Esc")
        case .looking, .session: return
        }
    }

    /// How far a world is that has to be rebuilt; nil where it is there.
    func rebuildingProgress(for use: WorldUse) -> Progress? {
        guard let (done, events) = session.rebuilding(for: use) else { return nil }
        return Progress(
            text: "rebuilding \(snapshot.timeline) to \(ThingNames.event(events))",
            thousandths: events > 0 ? done * 1_000 / events : nil)
    }
}
