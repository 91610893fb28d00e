import PeerNetworking
import SimNetwork

/// Where two timelines first differ, and what follows from it, in words.
public struct TimelineDifference: Hashable, Sendable {
    /// A draw that came out differently.
    public struct Draw: Hashable, Sendable {
        /// The site: `link.loss`.
        public var site: String
        /// For what it was drawn, and which of the draws for that it is.
        public var subject: String
        /// Which of the draws of the site for the subject it is, from 1.
        public var number: UInt64
        /// How it came out on either.
        public var left, right: String
    }

    /// The names of the two.
    public let left, right: String
    /// The last event that both have.
    public let shared: Int
    /// Its time, in nanoseconds.
    public let time: Int64
    /// Whether both have the same events.
    public let isSame: Bool
    /// The one that has more events.
    private let further: String
    /// What was done by hand behind the last event that both have, as it is told; nil where nothing was.
    private let deeds: (left: String?, right: String?)
    /// The first event that one of them has otherwise, what was done by hand apart.
    private let search: FirstConsequence.Search
    /// What is behind that event, where both have one there; nil where not.
    private let rest: FirstConsequence.Search?
    /// That event, as either tells it.
    private let consequence: (left: String?, right: String?)
    /// The first draw that came out differently; nil where none did, of those that follow soon.
    public let draw: Draw?
    /// What follows.
    public let after: [String]

    /// Events behind the first difference that are looked at for what follows.
    private static let horizon = 2_000

    /// - Parameters:
    ///   - left: one timeline, at its end.
    ///   - right: the other, at its end.
    ///   - parting: an event up to which both are known to be the same.
    init(_ left: Snapshot, _ right: Snapshot, sharing parting: Int) {
        (self.left, self.right) = (left.timeline, right.timeline)
        let both = min(left.records.count, right.records.count)
        var shared = min(parting, both)
        while shared < both, left.records.isSame(shared + 1, in: right.records) { shared += 1 }
        self.shared = shared
        time = left.records.time(ofEvent: shared)
        further = left.records.count > right.records.count ? left.timeline : right.timeline
        isSame = shared == left.records.count && shared == right.records.count
        deeds = (Self.deed(behind: shared, left), Self.deed(behind: shared, right))
        search = FirstConsequence.search(left, right, after: (shared, shared))
        if case .found(let found) = search, let first = found.left, let second = found.right {
            rest = FirstConsequence.search(left, right, after: (first, second))
        } else {
            rest = nil
        }
        consequence = search.found.map { Self.told($0, left, right) } ?? (nil, nil)
        let follow = (Following(left, shared, Self.horizon), Following(right, shared, Self.horizon))
        draw = Self.draw(follow.0, follow.1)
        guard !isSame else {
            after = []
            return
        }
        after =
            [Self.transition(follow.0, follow.1, by: min(left.reached, right.reached))].compactMap(\.self)
            + Self.ends(left, right)
            + Self.verdicts(left, right) + Self.counts(left, right)
    }

    /// An event as either tells it; where both tell it in the same words, with the first of its changes that they tell otherwise.
    private static func told(
        _ found: FirstConsequence, _ left: Snapshot, _ right: Snapshot
    ) -> (left: String?, right: String?) {
        let told = (left: told(found.left, left), right: told(found.right, right))
        guard let one = found.left, let other = found.right, told.left == told.right else { return told }
        let changes = EventText(left).firstChange(of: one, toldOtherwise: EventText(right), event: other)
        return (
            [told.left, changes.own].compactMap(\.self).joined(separator: ": "),
            [told.right, changes.other].compactMap(\.self).joined(separator: ": ")
        )
    }

    private static func told(_ event: Int?, _ snapshot: Snapshot) -> String? {
        guard let event, event <= snapshot.records.count else { return nil }
        let record = snapshot.records[event: event]
        return
            "\(ThingNames.event(event))  \(TimeText.clock(record.time)) s: \(EventText(snapshot).line(of: record).text)"
    }

    private static func deed(behind shared: Int, _ snapshot: Snapshot) -> String? {
        guard shared < snapshot.records.count, snapshot.records.head(ofEvent: shared + 1).kind == .intervention else {
            return nil
        }
        return told(shared + 1, snapshot)
    }

    /// Whether an event of the left or the right one is what was done first, or what followed from it first.
    public func isMarked(left: Int?, right: Int?) -> Bool {
        if deeds.left != nil, left == shared + 1 { return true }
        if deeds.right != nil, right == shared + 1 { return true }
        guard let found = search.found else { return false }
        return (left != nil && left == found.left) || (right != nil && right == found.right)
    }

    /// The first event that one of them has otherwise: what was done by hand on either where something was, and else what
    /// happened; nil for one that has none, and where all that both have is the same.
    var events: (left: Int?, right: Int?) {
        if deeds.left != nil || deeds.right != nil {
            return (deeds.left == nil ? nil : shared + 1, deeds.right == nil ? nil : shared + 1)
        }
        return (search.found?.left, search.found?.right)
    }

    // MARK: What follows

    /// The first draw that came out otherwise: one that struck on one of them alone.
    private static func draw(_ left: Following, _ right: Following) -> Draw? {
        for draw in left.draws {
            guard let other = right.draws(like: draw), other.fires != draw.fires else { continue }
            return Draw(
                site: draw.site.description, subject: left.names.text(of: draw), number: draw.number,
                left: DrawText.odds(of: draw),
                right: DrawText.odds(of: other))
        }
        return nil
    }

    /// The earliest step in the life of a peer that only one of them has, or has at that time; of what both have come to.
    private static func transition(_ left: Following, _ right: Following, by time: Int64) -> String? {
        func first(_ one: Following, beside other: Following) -> (Following.Transition, Int64?)? {
            var used: [PeerNumber: Int] = [:]
            for step in one.transitions {
                let place = used[step.peer, default: 0]
                used[step.peer] = place + 1
                let others = other.transitions.filter { $0.peer == step.peer }
                let like = place < others.count && others[place].state == step.state ? others[place] : nil
                if like?.time != step.time { return (step, like?.time) }
            }
            return nil
        }
        let steps = [(first(left, beside: right), left, right), (first(right, beside: left), right, left)]
        let known = steps.compactMap { step, side, beside in step.map { ($0.0, $0.1, side, beside) } }
        guard let (step, like, side, beside) = known.min(by: { $0.0.time < $1.0.time }), step.time <= time else {
            return nil
        }
        return "\(side.names.name(step.peer)) goes to \(step.state) at \(TimeText.clock(step.time)) s "
            + "(\(ThingNames.event(step.event))) on \(side.name), "
            + (like.map { "at \(TimeText.clock($0)) s on \(beside.name)" } ?? "and not on \(beside.name)")
    }

    private static func verdicts(_ left: Snapshot, _ right: Snapshot) -> [String] {
        zip(left.expectations, right.expectations).filter { $0.verdict != $1.verdict }.map { one, other in
            func told(_ status: ExpectationStatus, _ name: String) -> String {
                "\(status.verdict.word) on \(name)" + (status.reason.map { " (\($0))" } ?? "")
            }
            return "'\(one.text)': \(told(one, left.timeline)), \(told(other, right.timeline))"
        }
    }

    private static func counts(_ left: Snapshot, _ right: Snapshot) -> [String] {
        let (one, other) = (RunReport(left), RunReport(right))
        let counts: [(String, Int64, Int64)] = [
            ("messages delivered", one.messages.delivered, other.messages.delivered),
            ("messages delivered twice", one.messages.duplicated, other.messages.duplicated),
            ("messages requeued", one.messages.requeued, other.messages.requeued),
            ("messages dropped", one.messages.dropped, other.messages.dropped),
            ("connections attempted", one.connections.attempted, other.connections.attempted),
            ("segments lost", one.segments?.lost ?? 0, other.segments?.lost ?? 0),
            ("segments sent again", one.segments?.retransmitted ?? 0, other.segments?.retransmitted ?? 0),
        ]
        return counts.filter { $0.1 != $0.2 }.map {
            "\($0.0): \($0.1) on \(left.timeline), \($0.2) on \(right.timeline)"
        }
    }

    private static func ends(_ left: Snapshot, _ right: Snapshot) -> [String] {
        let ends = [left, right].map {
            "\($0.timeline) has \(NumberText.count($0.records.count, "event")) to \(TimeText.clock($0.reached)) s, "
                + "\($0.outcome.rawValue)"
        }
        // What is counted is that of each as far as it has come.
        let isUneven = left.reached != right.reached
        return [ends.joined(separator: "; ") + (isUneven ? "; what follows is of each as far as it has come" : "")]
    }

    // MARK: In words

    /// All of it in sentences, each a line.
    public var sentences: [String] {
        let common =
            "\(left) and \(right) have the events up to \(ThingNames.event(shared)) in common "
            + "(\(TimeText.clock(time)) s)"
        guard !isSame else { return ["\(common), and no others"] }
        var lines = [common]
        for (name, deed) in [(left, deeds.left), (right, deeds.right)] {
            if let deed { lines.append("\(name): \(deed)") }
        }
        let isOfHand = lines.count > 1
        switch search {
        case .found:
            for (name, told) in [(left, consequence.left), (right, consequence.right)] {
                lines.append((isOfHand ? "first that follows on " : "") + "\(name): \(told ?? "nothing more")")
            }
            if case .none(let events)? = rest {
                lines.append("nothing else differs: \(NumberText.count(events, "event")) after it are the same on both")
            }
        case .none(0) where isOfHand:
            lines.append("what follows from it is not known yet: it was not gone on with")
        case .none(let events):
            lines.append(
                isOfHand
                    ? "nothing follows from it: \(NumberText.count(events, "event")) after it are the same on both"
                    : "\(further) alone goes on from there")
        case .outOfReach(let events):
            lines.append(
                "\(NumberText.count(events, "event")) after it are the same on both, and no more were looked at")
        }
        if let draw {
            lines.append(
                "first draw that came out differently: \(draw.site), \(draw.subject): \(draw.left) on \(left), "
                    + "\(draw.right) on \(right)")
        }
        return lines + after
    }

    /// Two that say the same are the same.
    public static func == (left: Self, right: Self) -> Bool { left.sentences == right.sentences }

    /// What it says stands for it.
    public func hash(into hasher: inout Hasher) { hasher.combine(sentences) }
}

extension ExpectationStatus.Verdict {
    fileprivate var word: String {
        switch self {
        case .open: "open"
        case .held: "held"
        case .failed: "failed"
        case .notJudged: "not judged"
        }
    }
}
