import Lab
import PeerNetworking
import SimNetwork
import TCP

extension Page {
    /// All about an event, of the past or to come, or about what one has decided; nil for what else there is.
    init?(of item: Item, in snapshot: Snapshot) {
        switch item {
        case .event(let event):
            self.init(
                subject: .item(item), title: "Event \(ThingNames.event(event))",
                lines: Self.lines(ofEvent: event, in: snapshot))
        case .upcoming(let event):
            self.init(subject: .item(item), title: "Pending event", lines: Self.lines(of: event, in: snapshot))
        case .expectation(let index):
            guard let page = Page(ofExpectation: index, in: snapshot) else { return nil }
            self = page
        case .violation:
            guard let page = Page(ofViolationIn: snapshot) else { return nil }
            self = page
        case .host, .process, .link, .connection, .peer, .site, .family, .storyLine: return nil
        }
    }

    private static func lines(ofEvent event: Int, in snapshot: Snapshot) -> [TextLine] {
        guard event >= max(1, snapshot.records.first), event <= snapshot.records.count else {
            return [TextLine([("not recorded", .dim)])]
        }
        let text = EventText(snapshot)
        let record = snapshot.records[event: event]
        var lines: [TextLine] = [
            .field("time", "\(TimeText.clock(record.time)) s", event: event), .field("kind", record.kind.description),
        ]
        if let host = record.host { lines.append(.field("host", text.names.name(host))) }
        if let connection = record.connection { lines.append(.field("connection", connection.description)) }
        if let process = record.process { lines.append(.field("process", text.names.name(process))) }
        lines += [TextLine(), .heading("Changes")]
        if record.changes.isEmpty { lines.append(TextLine([("none that can be seen", .dim)])) }
        for change in record.changes {
            let line = text.line(of: change, in: record)
            var told = TextLine([
                (line.isFault ? "! " : "  ", .fault), ("\(line.who)  ", .host),
                ("\(line.verb)  \(line.detail)", line.role),
            ])
            if case .peer(let peer, let event, let session) = change,
                let query = MessageQuery(event, of: text.names.name(peer), in: session)
            {
                told.lead = .command("message \(query.text)")
            } else if case .peer(let peer, .job(let job, let turn), _) = change {
                let queue = turn.isOfQueue ? " \(text.names.name(peer))" : ""
                told.lead = .command(ThingNames.job(job) + queue)
            } else if let segment = text.segment(of: change, in: record), segment.ordinal > 0 {
                told.lead = .command("segment \(ThingNames.segment(segment))")
            }
            lines.append(told)
        }
        return lines + causes(CauseStory(of: event, in: snapshot))
    }

    private static func lines(of event: UpcomingEvent, in snapshot: Snapshot) -> [TextLine] {
        let wait = TimeText.duration(max(0, event.time - snapshot.reached))
        var lines: [TextLine] = [
            .field("due", "\(TimeText.clock(event.time)) s, in \(wait)"),
            .field("what", EventText(snapshot).line(of: event).text),
        ]
        if case .arrival(let segment) = event.what {
            lines += [
                .field("flags", segment.flags.description), .field("sequence", "\(segment.sequence)"),
                .field("bytes", "\(segment.length)"), .field("from", segment.from.description),
                .field("name", ThingNames.segment(segment)),
                .field("number in the run", ThingNames.segment(number: segment.number)),
            ]
        }
        return lines + causes(CauseStory(of: event, in: snapshot))
    }

    static func causes(_ story: CauseStory) -> [TextLine] {
        [TextLine(), .heading("Causes, the latest first")] + story.lines
    }
}
