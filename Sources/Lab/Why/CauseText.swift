import PeerNetworking
import SimNetwork

// The causes of an event in words.
extension CauseStory {
    /// The story, a line an entry, the newest first.
    package var lines: [TextLine] { entries.indices.map(line) }

    private func line(_ index: Int) -> TextLine {
        let (depth, step) = (entries[index].depth, entries[index].step)
        switch step {
        case .event(let event):
            return line(ofEvent: event, depth: depth, leadsTo: effect(of: index))
        case .recurrence(let recurrence): return line(of: recurrence, depth: depth)
        case .because(let words): return TextLine([("because \(words)", .note)], depth: depth)
        case .again(let event):
            return TextLine([("that is \(ThingNames.event(event)), told above", .dim)], depth: depth, event: event)
        case .draw(let draw, let event):
            return TextLine(
                [
                    ("a draw decided: ", .note), ("\(draw.site) ", .fault), (DrawText.odds(of: draw), .fault),
                    ("  \(text.names.text(of: draw))", .dim),
                ], depth: depth, event: event)
        case .file(let quote):
            return TextLine([("\(quote.place)  ", .dim), (quote.text, .note)], depth: depth)
        case .origin(let origin): return TextLine([(origin.words, .note)], depth: depth)
        }
    }

    /// The event that an entry's event has caused: the one above it on its level, or that on which it has had a hand.
    private func effect(of index: Int) -> EventRecord? {
        let depth = entries[index].depth
        for entry in entries[..<index].reversed() where entry.depth <= depth {
            switch entry.step {
            case .event(let event) where entry.depth == depth: return records[event: event]
            case .recurrence(let recurrence) where entry.depth == depth: return records[event: recurrence.first]
            case .event, .recurrence: return nil
            case .because, .again, .draw, .file, .origin: continue
            }
        }
        return depth == 0 && event <= records.count ? records[event: event] : nil
    }

    /// An event, and what of it led to the next.
    private func line(ofEvent event: Int, depth: Int, leadsTo effect: EventRecord?) -> TextLine {
        let record = records[event: event]
        let line = text.line(of: record)
        let how = effect.flatMap { $0.cause == event ? self.how(it: record, ledTo: $0) : nil }
        return TextLine(
            [
                ("\(ThingNames.event(event))  \(TimeText.clock(record.time))  ", .time), ("\(line.who)  ", .host),
                ("\(line.verb)  \(line.detail)", line.role), (how.map { "  \($0)" } ?? "", .dim),
            ], depth: depth, event: event)
    }

    /// What of an event led to the one that it caused.
    private func how(it cause: EventRecord, ledTo effect: EventRecord) -> String? {
        switch effect.kind {
        case .arrival:
            guard let number = effect.changes.lazy.compactMap(Self.segment).first,
                let segment = text.segment(number, in: effect)
            else { return nil }
            return "(put \(ThingNames.segment(segment)) on its way)"
        case .timer: return task(of: effect).map { "(set the timer \(text.names.task($0)))" }
        case .retransmission, .acknowledgement:
            return "(set the timer of \(effect.connection?.description ?? "the connection"))"
        case .expiry: return "(set the wait of \(effect.connection?.description ?? "the connection"))"
        case .fault: return "(had it happen)"
        case .start, .intervention, .observed: return nil
        }
    }

    /// The segment that has come to the end of a link with a change.
    private static func segment(_ change: Change) -> Int64? {
        if case .arrived(let number) = change { return number }
        if case .lost(let number, _) = change { return number }
        if case .forwarded(let number, _, _, _) = change { return number }
        return nil
    }

    /// What comes over and over, in one line.
    private func line(of recurrence: Recurrence, depth: Int) -> TextLine {
        let (first, last) = (records[event: recurrence.first], records[event: recurrence.last])
        let turns = Int64(recurrence.count - 1)
        let period = turns > 0 ? (last.time - first.time) / turns : 0
        let what: String
        switch last.kind {
        case .timer:
            let name = last.process.map(text.names.name) ?? ""
            let task = task(of: last).map(text.names.task) ?? "timer"
            what = "the timer \(task)" + (task.hasPrefix(name) ? "" : " of \(name)")
        case .fault: what = text.line(of: last).text
        case .arrival, .retransmission, .acknowledgement, .expiry, .start, .intervention, .observed:
            what =
                recurrence.turn > 1
                ? "\(last.connection?.description ?? "segments") to and fro"
                : "\(last.connection?.description ?? "segments"): one \(last.kind) after another"
        }
        let every = TimeText.duration(period) + unevenness(of: recurrence)
        return TextLine(
            [
                ("\(ThingNames.event(recurrence.last))  \(TimeText.clock(last.time))  ", .time),
                ("\(what), \(recurrence.count) times", .plain),
                (
                    ", every \(every), since \(ThingNames.event(recurrence.first)) at "
                        + "\(TimeText.clock(first.time))", .dim
                ),
            ], depth: depth, event: recurrence.last)
    }
}

extension CauseStory {
    /// Between which steps a run of events comes; nothing where they are even, or the run is too long to be looked at.
    private func unevenness(of recurrence: Recurrence) -> String {
        guard recurrence.turn == 1, recurrence.count <= 64 else { return "" }
        var (event, least, most) = (recurrence.last, Int64.max, Int64.min)
        for _ in 1..<recurrence.count {
            let cause = records.head(ofEvent: event).cause
            let gap = records.time(ofEvent: event) - records.time(ofEvent: cause)
            (least, most, event) = (min(least, gap), max(most, gap), cause)
        }
        guard most > least + least / 10 else { return "" }
        return " on the average (\(TimeText.duration(least)) to \(TimeText.duration(most)))"
    }
}

extension CauseStory.Origin {
    fileprivate var words: String {
        switch self {
        case .start: "there the run begins"
        case .hand: "done by hand"
        case .schedule: "the lab has it happen then"
        case .sockets: "real sockets do not tell what came of what"
        case .notKept: "what was before is not kept"
        case .further: "and so on, further back than is told here"
        }
    }
}
