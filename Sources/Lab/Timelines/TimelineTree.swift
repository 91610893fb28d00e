import Bug
import SimNetwork

/// The timelines of a session. One of them is current: it is the only one whose run goes on.
struct TimelineTree {
    private(set) var lineage = Lineage()
    /// The one that the session is on.
    var current: Branch
    /// The rest, in the order in which they were begun.
    private var others: [Branch] = []
    /// In how much memory the rest are kept.
    private let memory: LogMemory
    /// What the records of the rest take that the current one does not have, as they were left.
    private(set) var left = (memory: 0, disk: 0)

    /// A tree of one timeline.
    init(_ timeline: Timeline, _ run: Run, _ memory: LogMemory) {
        current = Branch(.main, timeline, .alive(run))
        self.memory = memory
    }

    subscript(id: TimelineID) -> Branch {
        if id == current.id { return current }
        guard let branch = others.first(where: { $0.id == id }) else { bug("no timeline \(id.number)") }
        return branch
    }

    /// What the current one is called.
    var name: String { lineage[current.id].name }

    /// What the screen and reports say of each.
    ///
    /// - Parameter id: the one that is looked at.
    func summaries(on id: TimelineID) -> Timelines {
        var branches = others[...]
        let all = lineage.members.map { member in
            TimelineSummary(member, member.id == current.id ? current : branches.removeFirst())
        }
        return Timelines(lineage: lineage, current: id, all: all)
    }

    // MARK: Changing

    /// Makes another the current one; the run of that which was ends.
    mutating func go(to id: TimelineID) {
        guard id != current.id, let index = others.firstIndex(where: { $0.id == id }) else { return }
        let next = others.remove(at: index)
        current.rest()
        keep(current)
        current = next
        settleMemory()
    }

    /// Counts what the rest take, and lets the records of those that were begun first leave memory until they take no more
    /// than they may.
    private mutating func settleMemory() {
        left = bytesLeft
        for index in others.indices where left.memory > memory.ofTimelinesLeft {
            others[index].timeline.putAway()
            left = bytesLeft
        }
    }

    private var bytesLeft: (memory: Int, disk: Int) {
        var here: Set<UnsafeRawPointer> = []
        var stored: Set<Int64> = []
        _ = current.timeline.records.bytes(beside: &here)
        _ = current.timeline.records.storedBytes(beside: &stored)
        return others.reduce((0, 0)) { sum, branch in
            let records = branch.timeline.records
            return (sum.0 + records.bytes(beside: &here), sum.1 + records.storedBytes(beside: &stored))
        }
    }

    /// Keeps one beside the current one.
    private mutating func keep(_ branch: Branch) {
        others.insert(branch, at: others.firstIndex { $0.id > branch.id } ?? others.count)
    }

    /// Begins a timeline with the first events of the current one, and makes it the current one.
    ///
    /// - Parameters:
    ///   - name: what it is called; nil for a usual name.
    ///   - event: the last event that the two share.
    ///   - time: when they part, in nanoseconds.
    ///   - world: what is there of its world; nil where it stands at the end of the current one, whose run it takes over.
    /// - Throws: ``SessionError`` where the name cannot be had, or there are too many; then nothing has changed.
    mutating func begin(
        named name: String? = nil, after event: Int, at time: Int64, _ world: Branch.World? = nil
    ) throws(SessionError) {
        let id = try lineage.begin(named: name, leaving: current.id, after: event)
        let timeline = current.timeline.prefix(event)
        var left = current
        let world = world ?? left.takeRun().map(Branch.World.alive) ?? .gone(left.end)
        left.rest()
        keep(left)
        current = Branch(id, timeline, world, leftAt: time)
        settleMemory()
    }

    /// Complains where there are as many as there may be.
    func checkRoom() throws(SessionError) { try lineage.checkRoom() }

    /// Gives one another name.
    ///
    /// - Throws: ``SessionError`` where it cannot be had.
    mutating func rename(_ id: TimelineID, to name: String) throws(SessionError) { try lineage.rename(id, to: name) }

    /// Takes one out that is not the current one; those that left it keep what they have of it.
    mutating func forget(_ id: TimelineID) {
        insist(id != current.id, "the current timeline is forgotten")
        let gone = self[id]
        if let heir = lineage.forget(id)?.heir {
            if heir == current.id { current.leftAt = gone.leftAt }
            for index in others.indices where others[index].id == heir { others[index].leftAt = gone.leftAt }
        }
        others.removeAll { $0.id == id }
        settleMemory()
    }
}

extension TimelineSummary {
    fileprivate init(_ member: Lineage.Member, _ branch: Branch) {
        let end = branch.end
        self.init(
            id: member.id, name: member.name, parent: member.parent, fork: member.fork, forkTime: branch.leftAt,
            interventions: branch.timeline.interventions.filter { $0.event > member.fork },
            events: branch.timeline.count, time: end.time, digest: end.digest, expectations: end.expectations,
            outcome: end.outcome)
    }
}
