public import SimNetwork

/// A timeline of a session, as far as is told of it without going there.
public struct TimelineSummary: Hashable, Sendable {
    /// Which one it is.
    public var id: TimelineID
    /// What it is called.
    public var name: String
    /// The one that it left; nil for the first.
    public var parent: TimelineID?
    /// The last event that it shares with that; 0 for the first.
    public var fork: Int
    /// When it left that, in nanoseconds; 0 for the first.
    public var forkTime: Int64
    /// What was done on it by hand or script since.
    public var interventions: [Intervention]
    /// How many events it has.
    public var events: Int
    /// How far time has come on it, in nanoseconds.
    public var time: Int64
    /// The digest of all its records; nil on loopback.
    public var digest: Digest?
    /// The expectations, and how they stand at its end.
    public var expectations: [ExpectationStatus]
    /// How it stands at its end.
    public var outcome: Outcome
}

/// The timelines of a session: a tree, since each but the first has left another.
public struct Timelines: Hashable, Sendable {
    let lineage: Lineage
    /// The one that the session is on.
    public let current: TimelineID
    /// All, in the order in which they were begun.
    public let all: [TimelineSummary]

    init(lineage: Lineage, current: TimelineID, all: [TimelineSummary]) {
        (self.lineage, self.current, self.all) = (lineage, current, all)
    }

    /// The tree of a session that has one timeline and can have no other.
    init(only summary: TimelineSummary) {
        self.init(lineage: Lineage(), current: summary.id, all: [summary])
    }

    /// One of them; nil where it is forgotten.
    public subscript(id: TimelineID) -> TimelineSummary? { all.first { $0.id == id } }

    /// The one of a name.
    ///
    /// - Throws: ``SessionError`` with the name that was perhaps meant.
    public func named(_ name: String) throws(SessionError) -> TimelineSummary {
        let id = try lineage.named(name)
        guard let summary = self[id] else { throw SessionError("there is no timeline \(quoted(name))") }
        return summary
    }

    /// The last event that two of them share; `Int.max` for one and the same.
    public func parting(_ first: TimelineID, _ second: TimelineID) -> Int { lineage.parting(first, second) }

    /// The events behind which another timeline parts from one, ascending.
    package func partings(from id: TimelineID) -> [Int] {
        let all = lineage.members.filter { $0.id != id }.map { lineage.parting(id, $0.id) }.sorted()
        return all.indices.filter { $0 == 0 || all[$0] != all[$0 - 1] }.map { all[$0] }
    }

    /// All in the order of a tree that is read from the top, each with how many it comes from.
    package var inOrder: [(summary: TimelineSummary, depth: Int)] {
        lineage.inOrder.compactMap { entry in self[entry.member.id].map { ($0, entry.depth) } }
    }
}
