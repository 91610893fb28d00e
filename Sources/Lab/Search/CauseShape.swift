import SimNetwork

/// The last faults that had a hand in a failure, the newest first: failures of one signature and different shapes may have
/// different causes.
enum CauseShape {
    /// Faults that are told, at most.
    private static let most = 3

    /// The shape of a failure, `reset ← partition`.
    ///
    /// The run is made once more, with its records: their causes lead back from the event that decided it.
    static func text(of failure: RunFailure, _ lab: LabDefinition, seed: UInt64, until end: Int64) -> String {
        let session = SimSession(lab: lab, seed: seed)
        defer { session.close() }
        _ = try? session.seek(to: .time(end))
        let snapshot = session.snapshot
        let deciding = snapshot.expectations.firstIndex { $0.verdict == .failed && $0.event == failure.event }
            .flatMap(snapshot.eventDeciding)
        let story = CauseStory(of: deciding ?? failure.event, in: snapshot)
        var faults: [String] = []
        for entry in story.entries where faults.count < most {
            guard let fault = fault(entry.step, snapshot), fault != faults.last else { continue }
            faults.append(fault)
        }
        return faults.isEmpty ? "no fault" : faults.joined(separator: " ← ")
    }

    private static func fault(_ step: CauseStory.Step, _ snapshot: Snapshot) -> String? {
        switch step {
        case .draw(let draw, _):
            // An episode of chaos is told by what it did.
            if case .chaos = draw.site { return nil }
            return draw.fires ? draw.site.description : nil
        case .event(let event), .again(let event):
            guard event >= snapshot.records.first, event <= snapshot.records.count else { return nil }
            let record = snapshot.records[event: event]
            for case .action(let action) in record.changes where !action.heals { return action.family.rawValue }
            return nil
        case .recurrence, .because, .file, .origin: return nil
        }
    }
}
