import Bug

/// Which timeline left which other, and after which event: what a session's tree and that of a recording have in common.
struct Lineage: Hashable, Sendable {
    /// A timeline's place in it.
    struct Member: Hashable, Sendable {
        let id: TimelineID
        var name: String
        /// The one that it left; nil for the first.
        var parent: TimelineID?
        /// The last event that it shares with that; 0 for the first.
        var fork: Int
    }

    /// Timelines that there may be at a time.
    static let most = 1_000

    /// Those that there are, in the order in which they were begun.
    private(set) var members = [Member(id: .main, name: TimelineName.main, parent: nil, fork: 0)]
    /// How many there have been.
    private var begun = 1

    subscript(id: TimelineID) -> Member { members[index(of: id)] }

    private func index(of id: TimelineID) -> Int {
        guard let index = members.firstIndex(where: { $0.id == id }) else { bug("no timeline \(id.number)") }
        return index
    }

    /// Whether a timeline is still there.
    func has(_ id: TimelineID) -> Bool { members.contains { $0.id == id } }

    /// The timeline of a name.
    ///
    /// - Throws: ``SessionError`` with the name that was perhaps meant.
    func named(_ name: String) throws(SessionError) -> TimelineID {
        if let member = members.first(where: { $0.name == name }) { return member.id }
        throw SessionError(
            "there is no timeline \(quoted(name))" + Suggestion.offer(for: name, among: members.map(\.name)))
    }

    // MARK: Kinship

    /// A timeline and those it comes from, the nearest first, each with the last of its events that the timeline has.
    private func line(of id: TimelineID) -> [(id: TimelineID, shared: Int)] {
        var line = [(id: id, shared: Int.max)]
        var member = self[id]
        while let parent = member.parent {
            line.append((parent, min(member.fork, line[line.count - 1].shared)))
            member = self[parent]
        }
        return line
    }

    /// The last event that two timelines share; `Int.max` for one and the same.
    func parting(_ first: TimelineID, _ second: TimelineID) -> Int {
        let line = line(of: second)
        for (id, shared) in self.line(of: first) {
            if let other = line.first(where: { $0.id == id }) { return min(shared, other.shared) }
        }
        bug("timelines \(first.number) and \(second.number) share no beginning")
    }

    /// Of a timeline and those it comes from the one that had an event first: whoever leaves after the event leaves that.
    func owner(of event: Int, on id: TimelineID) -> TimelineID {
        var member = self[id]
        while let parent = member.parent, event <= member.fork { member = self[parent] }
        return member.id
    }

    /// All in the order of a tree that is read from the top: each is followed by those that left it, the earliest first.
    var inOrder: [(member: Member, depth: Int)] {
        var order: [(member: Member, depth: Int)] = []
        var open = members.filter { $0.parent == nil }.map { ($0, 0) }
        while let (member, depth) = open.popLast() {
            order.append((member, depth))
            let children = members.filter { $0.parent == member.id }.sorted { ($0.fork, $0.id) > ($1.fork, $1.id) }
            open += children.map { ($0, depth + 1) }
        }
        return order
    }

    // MARK: Changing

    /// Begins a timeline that leaves another.
    ///
    /// - Parameters:
    ///   - name: what it is called; nil for the next usual name that is free.
    ///   - id: the one that is left, or one that shares the event with that.
    ///   - event: the last event of it that the new one has.
    /// - Throws: ``SessionError`` where the name cannot be had, or there are too many.
    mutating func begin(
        named name: String? = nil, leaving id: TimelineID, after event: Int
    ) throws(SessionError) -> TimelineID {
        try checkRoom()
        if let name { try check(name) }
        let new = TimelineID(number: begun)
        members.append(
            Member(id: new, name: name ?? freeName, parent: owner(of: event, on: id), fork: event))
        begun += 1
        return new
    }

    /// Complains where there are as many as there may be.
    func checkRoom() throws(SessionError) {
        guard members.count < Self.most else {
            throw SessionError("there are \(Self.most) timelines already: forget one first")
        }
    }

    private var freeName: String {
        var number = begun
        while members.contains(where: { $0.name == TimelineName.usual(number) }) { number += 1 }
        return TimelineName.usual(number)
    }

    /// - Parameter id: who may have the name already.
    private func check(_ name: String, of id: TimelineID? = nil) throws(SessionError) {
        if let problem = TimelineName.problem(name) { throw SessionError(problem) }
        if members.contains(where: { $0.name == name && $0.id != id }) {
            throw SessionError("there is a timeline '\(name)' already")
        }
    }

    /// Gives a timeline another name.
    ///
    /// - Throws: ``SessionError`` where it cannot be had.
    mutating func rename(_ id: TimelineID, to name: String) throws(SessionError) {
        try check(name, of: id)
        members[index(of: id)].name = name
    }

    /// Takes a timeline out. Of those that have left it the one that did so last comes in its place, with all that it has
    /// of it, and the others leave that.
    ///
    /// - Returns: the one that comes in its place, and the last event that it has of it; nil where none has left it.
    @discardableResult
    mutating func forget(_ id: TimelineID) -> (heir: TimelineID, fork: Int)? {
        insist(members.count > 1, "the only timeline is forgotten")
        let gone = members.remove(at: index(of: id))
        let children = members.filter { $0.parent == id }
        guard let heir = children.max(by: { ($0.fork, $1.id) < ($1.fork, $0.id) }) else { return nil }
        for child in children {
            let index = index(of: child.id)
            (members[index].parent, members[index].fork) =
                child.id == heir.id ? (gone.parent, gone.fork) : (heir.id, child.fork)
        }
        return (heir.id, heir.fork)
    }
}
