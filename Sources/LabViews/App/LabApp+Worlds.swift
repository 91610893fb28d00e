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

    /// How far a world is that has to be rebuilt; nil where it is there.
    func rebuildingProgress(for use: WorldUse) -> Progress? {
        guard let (done, events) = session.rebuilding(for: use) else { return nil }
        return Progress(
            text: "rebuilding \(snapshot.timeline) to \(ThingNames.event(events))",
            thousandths: events > 0 ? done * 1_000 / events : nil)
    }
}
