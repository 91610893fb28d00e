import Lab
import PeerNetworking
import SimNetwork

extension Page {
    /// An expectation: what it says in full, how it stands, what decided it, and why that happened.
    init?(ofExpectation index: Int, in snapshot: Snapshot) {
        guard snapshot.expectations.indices.contains(index) else { return nil }
        let status = snapshot.expectations[index]
        var lines = [
            TextLine([(status.text, .plain)]), TextLine(),
            TextLine.field("verdict", status.verdict.words, status.verdict.role),
        ]
        var chosen = 0
        if let reason = status.reason { lines.append(.field("found", reason)) }
        if let message = status.message { lines.append(.field("message", message)) }
        if let event = status.event, let time = status.decidedAt {
            var decided = TextLine.field("decided", "at \(TimeText.clock(time)) s, after \(ThingNames.event(event))")
            decided.lead = status.place.map { .place($0) }
            chosen = lines.count
            lines.append(decided)
            if let deciding = snapshot.eventDeciding(index), deciding > 0 {
                if deciding != event {
                    let time = TimeText.clock(snapshot.records.time(ofEvent: deciding))
                    lines.append(.field("so since", "\(time) s, \(ThingNames.event(deciding))", event: deciding))
                }
                if status.verdict == .failed {
                    lines +=
                        Self.deeds(before: event, in: snapshot) + Self.causes(CauseStory(of: deciding, in: snapshot))
                }
            }
        }
        self.init(subject: .item(.expectation(index)), title: "Expectation", lines: lines, selected: chosen)
    }

    /// What was done by hand on this timeline before an event: the lab's file does not say it, and causes need not lead there, where
    /// something was kept from happening.
    private static func deeds(before event: Int, in snapshot: Snapshot) -> [TextLine] {
        let deeds = snapshot.interventions.filter { $0.event <= event }
        guard !deeds.isEmpty else { return [] }
        let text = EventText(snapshot)
        let lines = deeds.suffix(8).map { deed in
            let line = text.line(of: snapshot.records[event: deed.event])
            return TextLine(
                [
                    ("\(ThingNames.event(deed.event))  \(TimeText.clock(deed.time))  ", .time),
                    ("\(line.who)  \(line.verb)  \(line.detail)", line.role),
                ], event: deed.event)
        }
        return [TextLine(), .heading("Done by hand on this timeline before that")] + lines
    }

    /// The invariant that did not hold, where one did not, and why what broke it happened.
    init?(ofViolationIn snapshot: Snapshot) {
        guard let violation = snapshot.violation else { return nil }
        var lines = [
            TextLine.field("invariant", violation.invariant.rawValue, .danger),
            .field("found", violation.detail),
            .field("broken", "by \(ThingNames.event(violation.event))", event: violation.event),
        ]
        if violation.event <= snapshot.records.count {
            lines += Self.causes(CauseStory(of: violation.event, in: snapshot))
        }
        self.init(subject: .item(.violation), title: "Invariant", lines: lines, selected: 2)
    }
}
