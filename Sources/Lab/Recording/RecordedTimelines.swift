import SimNetwork

/// What a recording has of one timeline.
struct RecordedTimeline: Hashable, Sendable {
    /// What was done on it since it left another, in order.
    var interventions: [Intervention] = []
    /// Its digests since then, in order.
    var checkpoints: [Recording.Checkpoint] = []
    /// How it ended, where the recording ended in order.
    var end: RecordingLine.Footer?

    /// Takes in what another has up to an event at which this one left it.
    mutating func inherit(_ other: RecordedTimeline, upTo event: Int) {
        interventions.insert(contentsOf: other.interventions.filter { $0.event <= event }, at: 0)
        checkpoints.insert(contentsOf: other.checkpoints.filter { $0.event <= event }, at: 0)
    }
}

/// The timelines of a recording, as they grow line by line.
struct RecordedTimelines: Hashable, Sendable {
    private(set) var lineage = Lineage()
    /// The one that the lines belong to.
    private(set) var current = TimelineID.main
    /// Each with what it has, in the order in which they were begun.
    private var all = [Entry(id: .main, timeline: RecordedTimeline())]

    private struct Entry: Hashable, Sendable {
        let id: TimelineID
        var timeline: RecordedTimeline
    }

    private func index(of id: TimelineID) -> Int { all.firstIndex { $0.id == id } ?? 0 }

    subscript(id: TimelineID) -> RecordedTimeline { all[index(of: id)].timeline }

    /// All of a timeline from the run's beginning, with what it shares with others.
    func whole(_ id: TimelineID) -> RecordedTimeline {
        var whole = self[id]
        var member = lineage[id]
        while let parent = member.parent {
            whole.inherit(self[parent], upTo: member.fork)
            member = lineage[parent]
        }
        return whole
    }

    /// One of them alone, as if it were the only one.
    func alone(_ id: TimelineID) -> RecordedTimelines {
        var alone = RecordedTimelines()
        alone.all[0].timeline = whole(id)
        return alone
    }

    // MARK: Growing

    /// The latest event that the current one is known to have.
    private var latest: Int { self[current].checkpoints.last?.event ?? lineage[current].fork }

    mutating func add(_ intervention: Intervention) throws(SessionError) {
        let event = intervention.event
        let before = self[current].interventions.last?.event ?? lineage[current].fork
        guard event > before else { throw SessionError("an intervention at event \(event), after one at \(before)") }
        guard event > latest else {
            throw SessionError("an intervention at event \(event), after a checkpoint at \(latest)")
        }
        all[index(of: current)].timeline.interventions.append(intervention)
    }

    mutating func add(_ checkpoint: Recording.Checkpoint) throws(SessionError) {
        guard checkpoint.event >= latest else {
            throw SessionError("a checkpoint at event \(checkpoint.event), after one at \(latest)")
        }
        all[index(of: current)].timeline.checkpoints.append(checkpoint)
    }

    mutating func branch(after event: Int, named name: String?, leaving parent: String?) throws(SessionError) {
        let left = try parent.map { name throws(SessionError) in try lineage.named(name) } ?? current
        current = try lineage.begin(named: name, leaving: left, after: event)
        all.append(Entry(id: current, timeline: RecordedTimeline()))
    }

    mutating func go(to name: String) throws(SessionError) { current = try lineage.named(name) }

    mutating func rename(_ name: String, to new: String) throws(SessionError) {
        try lineage.rename(try lineage.named(name), to: new)
    }

    mutating func forget(_ name: String) throws(SessionError) {
        let id = try lineage.named(name)
        guard id != current else {
            throw SessionError("the timeline \(quoted(name)) is forgotten while it is gone on with")
        }
        let gone = self[id]
        if let heir = lineage.forget(id) { all[index(of: heir.heir)].timeline.inherit(gone, upTo: heir.fork) }
        all.remove(at: index(of: id))
    }

    /// A timeline has ended.
    ///
    /// - Parameter name: which; nil for the current one.
    mutating func end(_ name: String?, _ footer: RecordingLine.Footer) throws(SessionError) {
        let id = try name.map { name throws(SessionError) in try lineage.named(name) } ?? current
        let latest = self[id].checkpoints.last?.event ?? lineage[id].fork
        guard footer.events >= latest else {
            throw SessionError("an end at event \(footer.events), after a checkpoint at \(latest)")
        }
        guard self[id].end == nil else { throw SessionError("a second end of the timeline '\(lineage[id].name)'") }
        let index = index(of: id)
        all[index].timeline.end = footer
        all[index].timeline.checkpoints.append(
            Recording.Checkpoint(event: footer.events, digest: footer.digest))
    }
}
