import PeerNetworking
import SimNetwork

/// Where two simulated runs first differ, and what follows from it for each peer and each connection.
package struct RunDifference {
    /// As JSON.
    package struct Report: Hashable, Codable, Sendable {
        /// A draw that fell otherwise.
        package struct Draw: Hashable, Codable, Sendable {
            package var site, subject: String
            package var number: UInt64
            package var left, right: String
        }

        /// An event of one of them.
        package struct Event: Hashable, Codable, Sendable {
            package var n: Int
            package var t_ns: Int64
            package var kind, text: String
        }

        /// The first event that differs, as each has it.
        package struct Events: Hashable, Codable, Sendable {
            @OrNull package var left: Event?
            @OrNull package var right: Event?
        }

        /// The names of the two.
        package var left, right: String
        /// Whether nothing differs.
        package var same: Bool
        /// The first draw that fell otherwise; null where none did.
        @OrNull package var draw: Draw?
        /// The first event that differs; null where none does.
        @OrNull package var event: Events?
        /// What follows, in sentences.
        package var after: [String]
    }

    private let difference: TimelineDifference
    private let left, right: Snapshot
    private let lives: [String]

    /// - Parameters:
    ///   - left: one run, at its end, with the name that it is told by in place of its timeline's.
    ///   - right: the other.
    package init(_ left: Snapshot, _ right: Snapshot) {
        (self.left, self.right) = (left, right)
        difference = TimelineDifference(left, right, sharing: 0)
        lives = Self.lives(left, right)
    }

    /// Whether nothing differs: the same events, or events that are told in the same words.
    package var isSame: Bool {
        difference.isSame
            || (difference.events == (nil, nil) && lives.isEmpty && left.records.count == right.records.count
                && left.outcome == right.outcome)
    }

    /// All of it in sentences, each a line.
    package var text: String {
        isSame
            ? "\(left.timeline) and \(right.timeline): the same \(NumberText.count(left.records.count, "event"))"
            : (difference.sentences + lives).joined(separator: "\n")
    }

    /// All of it as JSON.
    package var report: Report {
        let events = difference.events
        return Report(
            left: left.timeline, right: right.timeline, same: isSame,
            draw: difference.draw.map {
                Report.Draw(site: $0.site, subject: $0.subject, number: $0.number, left: $0.left, right: $0.right)
            },
            event: events == (nil, nil) ? nil : told(events),
            after: isSame ? [] : difference.after + lives)
    }

    private func told(_ events: (left: Int?, right: Int?)) -> Report.Events {
        var told = Report.Events(left: event(events.left, left), right: event(events.right, right))
        if let one = events.left, let other = events.right, told.left?.text == told.right?.text {
            let changes = EventText(left).firstChange(of: one, toldOtherwise: EventText(right), event: other)
            if let change = changes.own { told.left?.text += ": \(change)" }
            if let change = changes.other { told.right?.text += ": \(change)" }
        }
        return told
    }

    private func event(_ number: Int?, _ snapshot: Snapshot) -> Report.Event? {
        guard let number, (1...max(1, snapshot.records.count)).contains(number), snapshot.records.count > 0 else {
            return nil
        }
        let record = snapshot.records[event: number]
        return Report.Event(
            n: number, t_ns: record.time, kind: record.kind.description, text: EventText(snapshot).line(of: record).text
        )
    }

    // MARK: What follows for each

    /// The first step that one of the two takes otherwise, of each peer and each connection; times apart.
    private static func lives(_ left: Snapshot, _ right: Snapshot) -> [String] {
        let peers = [left, right].map { snapshot in
            Dictionary(grouping: LifeCycle(of: snapshot).transitions.filter(\.isOfPeer), by: \.subject)
        }
        let connections = [left, right].map { ConnectionLives(of: $0).lives }
        var sentences: [String] = []
        for lives in [peers, connections] {
            for name in Set(lives[0].keys).union(lives[1].keys).sorted() {
                let (one, other) = (lives[0][name] ?? [], lives[1][name] ?? [])
                guard let place = (0..<max(one.count, other.count)).first(where: { step(one, $0) != step(other, $0) })
                else { continue }
                sentences.append(
                    "\(name): \(told(one, place)) on \(left.timeline), \(told(other, place)) on \(right.timeline)")
            }
        }
        let most = 40
        return sentences.count <= most
            ? sentences : sentences.prefix(most) + ["and \(sentences.count - most) peers and connections more"]
    }

    private static func step(_ life: [Transition], _ place: Int) -> String? {
        place < life.count ? life[place].state : nil
    }

    private static func told(_ life: [Transition], _ place: Int) -> String {
        guard place < life.count else { return life.isEmpty ? "not there" : "stays \(life[life.count - 1].state)" }
        return "\(life[place].state) at \(TimeText.clock(life[place].time)) s (\(ThingNames.event(life[place].event)))"
    }
}
