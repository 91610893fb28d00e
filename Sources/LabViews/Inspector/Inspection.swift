import Lab
import PeerNetworking
import Screen
import SimNetwork

/// Everything about a thing, line by line.
struct Inspection {
    let scene: Scene
    /// The columns of a line, at most: what is longer goes on in the next.
    let columns: Int
    var snapshot: Snapshot { scene.snapshot }
    var world: WorldState { scene.snapshot.world }
    var names: Names { scene.names }

    func title(of item: Item) -> String {
        switch item {
        case .host(let host): "Host \(names.name(host))"
        case .process(let process): "Process \(names.name(process))"
        case .link(let link): "Link \(names.name(link))"
        case .connection(let connection): "Connection \(connection)"
        case .peer(let peer): "Peer \(names.name(peer))"
        case .event(let event): "Event \(ThingNames.event(event))"
        case .upcoming: "Pending event"
        case .site(let site): "Draws of \(site)"
        case .family(let family): "Fault \(family)"
        case .expectation: "Expectation"
        case .storyLine: "Story"
        }
    }

    func lines(of item: Item) -> [[Span]] {
        switch item {
        case .host(let host): lines(of: host)
        case .process(let process): lines(of: process)
        case .link(let link): lines(of: link)
        case .connection(let connection): lines(of: connection)
        case .peer(let peer): lines(of: peer)
        case .event(let event): lines(ofEvent: event)
        case .upcoming(let event): lines(of: event)
        case .site(let site): lines(of: site)
        case .family(let family): lines(of: family)
        case .expectation(let index): lines(ofExpectation: index)
        case .storyLine(let index): lines(ofStoryLine: index)
        }
    }

    /// A name and a value.
    func field(_ name: String, _ value: String, _ style: Style = .normal) -> [Span] {
        [Span(name + String(repeating: " ", count: max(1, 18 - name.count)), .dim), Span(value, style)]
    }

    // MARK: Events

    private func lines(ofEvent event: Int) -> [[Span]] {
        guard event >= 1, event <= snapshot.records.count else { return [field("", "not recorded")] }
        let record = snapshot.records[event: event]
        var lines = [
            field("time", "\(TimeText.clock(record.time)) s"), field("kind", record.kind.description),
        ]
        if let host = record.host { lines.append(field("host", names.name(host))) }
        if let connection = record.connection { lines.append(field("connection", connection.description)) }
        if let process = record.process { lines.append(field("process", names.name(process))) }
        lines += [[], [Span("Changes", .title)]]
        if record.changes.isEmpty { lines.append([Span("none that can be seen", .dim)]) }
        for change in record.changes {
            let line = scene.text.line(of: change, in: record)
            lines.append([
                Span(line.isFault ? "! " : "  ", .fault), Span("\(line.who)  ", .info),
                Span("\(line.verb)  \(line.detail)", line.role.style),
            ])
        }
        return lines + [[], [Span("Causes, the latest first", .title)]] + causes(of: record)
    }

    /// The chain of causes of a record.
    func causes(of record: EventRecord) -> [[Span]] {
        chain(from: record.cause)
    }

    private func chain(from cause: Int) -> [[Span]] {
        var lines: [[Span]] = []
        var event = cause
        while event >= 1, event <= snapshot.records.count, lines.count < 64 {
            let record = snapshot.records[event: event]
            let line = scene.text.line(of: record)
            lines.append([
                Span("\(ThingNames.event(event))  \(TimeText.clock(record.time))  ", .dim),
                Span("\(line.who)  ", .info),
                Span("\(line.verb)  \(line.detail)", line.role.style),
            ])
            // A cause is earlier; anything else would go round in circles.
            guard record.cause < event else { break }
            event = record.cause
        }
        if event < 1 { lines.append([Span("from outside: the lab, its schedule, or a hand", .dim)]) }
        return lines
    }

    private func lines(of event: UpcomingEvent) -> [[Span]] {
        var lines = [
            field("due", "\(TimeText.clock(event.time)) s, in \(TimeText.duration(max(0, event.time - scene.now)))"),
            field("what", scene.text.line(of: event).text),
        ]
        if case .arrival(let segment) = event.what {
            lines += [
                field("flags", segment.flags.description), field("sequence", "\(segment.sequence)"),
                field("bytes", "\(segment.length)"), field("from", segment.from.description),
                field("name", ThingNames.segment(segment)),
                field("number in the run", ThingNames.segment(number: segment.number)),
            ]
        }
        guard event.cause > 0 else { return lines }
        return lines + [[], [Span("Causes, the latest first", .title)]] + chain(from: event.cause)
    }
}
