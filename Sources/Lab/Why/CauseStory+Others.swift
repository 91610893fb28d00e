import PeerNetworking
import SimNetwork
import TCP

// What had a hand in an event beside the one that caused it: what took a segment, why nothing came in time, which draw decided.
extension CauseStory {
    /// Something that had a hand in an event.
    struct Other {
        /// What it did, in words; empty where the event or the draw says it.
        var words = ""
        /// The event that it is, or that did it.
        var event: Int?
        /// The draw that decided, and the event in which it was made.
        var draw: (DrawRecord, event: Int)?
    }

    /// What had a hand in an event.
    func others(of record: EventRecord) -> [Other] {
        var others: [Other] = []
        for change in record.changes where others.count < Self.mostOthers {
            if let other = other(behind: change, in: record) { others.append(other) }
        }
        if record.kind == .retransmission || record.kind == .arrival { others += whyRepeated(record) }
        if record.kind == .timer, let connection = givenUp(in: record),
            let loss = lastLoss(on: connection, before: record.number)
        {
            others.append(Other(words: "nothing came, for a segment of \(connection) was lost", event: loss))
        }
        return others
    }

    private func other(behind change: Change, in record: EventRecord) -> Other? {
        if case .lost(let number, let reason) = change { return taker(of: number, reason, in: record) }
        if case .held(let number) = change {
            guard let segment = segment(number, in: record), let link = segment.link else { return nil }
            let ends = hosts(of: segment)
            return action("it was held back by a clog", in: record) {
                if case .hostClogged(let host, let bound, true) = $0 {
                    host == (bound == .outbound ? ends?.0 : ends?.1)
                } else {
                    $0 == .clogged(link, segment.direction, true)
                }
            }
        }
        if case .peer(let queue, .job(let job, let turn), _) = change {
            return reason(ofJob: job, turn, of: queue, in: record)
        }
        if case .peer(let peer, .dropped(_, .queueFull, let depth), let session) = change {
            return whyFull(peer, session, depth, in: record)
        }
        if case .draw(let draw) = change, draw.fires, !draw.isOfLoss, record.kind != .start {
            return Other(draw: (draw, record.number))
        }
        return nil
    }

    /// Why a peer's queue had no room: nothing has left it since an event.
    private func whyFull(_ peer: PeerNumber, _ session: PeerSession?, _ depth: Int32, in record: EventRecord) -> Other?
    {
        let held = session?.depth ?? depth
        let event = lastEvent(before: record.number) { event in
            event.changes.contains {
                guard case .peer(peer, let told, let other) = $0, other?.connection == session?.connection else {
                    return false
                }
                if case .sent = told { return true }
                return false
            }
        }
        let words = "its queue held \(NumberText.count(Int(held), "message"))"
        return event.map { Other(words: words + ", and none had left it since", event: $0) } ?? Other(words: words)
    }

    /// Of an event that took a hundred segments three tell why.
    private static let mostOthers = 3
    /// Events looked back through for what is in no head of a record.
    private static let horizon = 20_000

    // MARK: What took a segment

    /// What took a segment from the wire.
    private func taker(of number: Int64, _ reason: LossReason, in record: EventRecord) -> Other? {
        let segment = segment(number, in: record)
        switch reason {
        case .dropped: return nil
        case .cut:
            guard let segment, let link = segment.link else { return nil }
            return action("the link was cut", in: record) { $0 == .cut(link, segment.direction, true) }
        case .noPower:
            guard let host = record.host else { return nil }
            return action("\(text.names.name(host)) had no power", in: record) { $0 == .power(host, on: false) }
        case .partition:
            guard let segment, let (from, to) = hosts(of: segment) else { return nil }
            return action("the hosts were parted", in: record) {
                if case .partition(let partition, true) = $0 { partition.blocks(from, to) } else { false }
            }
        case .loss, .damaged: return draw(ofLoss: segment, in: record).map { Other(draw: $0) }
        case .noSocket:
            guard let segment else { return nil }
            return lastEvent(before: record.number) { record in
                record.changes.contains(.tcp(segment.connection, segment.from.other, nil))
            }.map { Other(words: "its socket was gone", event: $0) }
        case .backlogFull, .unreachable, .tooBig, .moment, .queueFull, .silence, .ignored, .noMemory,
            .filtered, .forgotten, .tableFull, .early:
            guard let family = reason.family else { return nil }
            return action("\(family) was set", in: record) {
                if case .action(let action) = $0 { action.family == family && !action.heals } else { false }
            } ?? Other(words: "the lab has it so from the beginning: \(reason)")
        }
    }

    /// What was done on purpose, and lasts until an event; nil where it was done in that event itself.
    private func action(_ words: String, in record: EventRecord, that isWanted: (Change) -> Bool) -> Other? {
        if record.changes.contains(where: isWanted) { return nil }
        return lastAction(before: record.number, where: isWanted).map { Other(words: words, event: $0) }
    }

    /// The draw that lost or damaged a segment: in the event that put it on the link.
    private func draw(ofLoss segment: SegmentSummary?, in record: EventRecord) -> (DrawRecord, event: Int)? {
        guard let segment else { return nil }
        for event in [record.number, record.cause] where event >= max(1, records.first) {
            let draws = records[event: event].changes.compactMap { change -> DrawRecord? in
                if case .draw(let draw) = change, draw.fires, draw.isOfLoss, draw.isOf(segment) { draw } else { nil }
            }
            if let draw = draws.last { return (draw, event) }
        }
        return nil
    }

    // MARK: Why nothing came in time

    /// Why a segment was repeated: what became of the one before it, or of its acknowledgement.
    private func whyRepeated(_ record: EventRecord) -> [Other] {
        guard let repeated = record.changes.firstSent(where: \.purpose.isRepetition) else { return [] }
        var first: SegmentSummary?
        var fate: (event: Int, isLost: Bool)?
        let earlier = lastEvent(before: record.number) { event in
            first = event.changes.firstSent {
                $0.connection == repeated.connection && $0.from == repeated.from && $0.holds(repeated.sequence)
            }
            return first != nil
        }
        guard let earlier, let segment = first else { return [] }
        for event in earlier..<record.number {
            for change in records[event: event].changes {
                if case .lost(segment.number, _) = change { fate = (event, true) }
                if case .arrived(segment.number) = change { fate = (event, false) }
            }
            if fate != nil { break }
        }
        let name = ThingNames.segment(segment)
        guard let fate else { return [Other(words: "\(name) had not arrived yet", event: earlier)] }
        if fate.isLost { return [Other(words: "\(name) was never acknowledged: it was lost", event: fate.event)] }
        // It arrived: then what became of the answer?
        let answers = records[event: fate.event].changes.compactMap { change -> SegmentSummary? in
            if case .sent(let answer) = change, answer.connection == segment.connection, answer.from != segment.from {
                answer
            } else {
                nil
            }
        }
        for answer in answers {
            for event in fate.event..<record.number {
                guard
                    records[event: event].changes.contains(where: {
                        if case .lost(answer.number, _) = $0 { true } else { false }
                    })
                else { continue }
                let words = "\(name) arrived, and its acknowledgement \(ThingNames.segment(answer)) was lost"
                return [Other(words: words, event: event)]
            }
        }
        return [Other(words: "\(name) arrived, and was not acknowledged in time", event: fate.event)]
    }

    /// The connection that is given up in an event, for nothing came in time.
    private func givenUp(in record: EventRecord) -> ConnectionID? {
        let isGivenUp = record.changes.contains { change in
            guard case .peer(_, let event, _) = change else { return false }
            if case .state(_, .timedOut) = event { return true }
            return event == .heartbeatMissed
        }
        guard isGivenUp else { return nil }
        for change in record.changes {
            if case .tcp(let connection, _, _) = change { return connection }
            if case .end(let connection, _, _) = change { return connection }
            if case .sent(let segment) = change { return segment.connection }
        }
        return nil
    }

    private func lastLoss(on connection: ConnectionID, before event: Int) -> Int? {
        lastEvent(before: event) { record in
            record.changes.contains {
                guard case .lost(let number, _) = $0 else { return false }
                return segment(number, in: record)?.connection == connection
            }
        }
    }

    // MARK: Looking back

    /// The last event before another in which something was done on purpose, a change of which is looked for.
    private func lastAction(before event: Int, where isWanted: (Change) -> Bool) -> Int? {
        var number = event - 1
        while number >= max(1, records.first) {
            // What is done on purpose has events of its own: their heads tell, and few need be read.
            switch records.head(ofEvent: number).kind {
            case .fault, .intervention, .start:
                if records[event: number].changes.contains(where: isWanted) { return number }
            case .arrival, .retransmission, .acknowledgement, .expiry, .timer, .observed: break
            }
            number -= 1
        }
        return nil
    }

    /// The last event before another that is looked for, as far back as is looked.
    func lastEvent(before event: Int, where isWanted: (EventRecord) -> Bool) -> Int? {
        var number = event - 1
        while number >= max(1, records.first, event - Self.horizon) {
            if isWanted(records[event: number]) { return number }
            number -= 1
        }
        return nil
    }

    /// A segment as it was on the link that it was on in an event.
    private func segment(_ number: Int64, in record: EventRecord) -> SegmentSummary? {
        guard var segment = text.segment(number, in: record) else { return nil }
        for event in [record.number, record.cause] where event >= max(1, records.first) {
            for case .forwarded(number, let link, let direction, _) in records[event: event].changes {
                (segment.link, segment.direction) = (link, direction)
                return segment
            }
        }
        return segment
    }

    /// Between which hosts a segment goes.
    private func hosts(of segment: SegmentSummary) -> (HostID, HostID)? {
        guard let link = segment.link, lab.topology.links.indices.contains(Int(link.index)) else { return nil }
        let ends = lab.topology.links[Int(link.index)]
        return segment.direction == .forward ? (ends.first, ends.second) : (ends.second, ends.first)
    }
}

extension [Change] {
    /// The first segment that was sent among them and is looked for.
    func firstSent(where isWanted: (SegmentSummary) -> Bool) -> SegmentSummary? {
        for case .sent(let segment) in self where isWanted(segment) { return segment }
        return nil
    }
}

extension DrawRecord {
    /// Whether it decides that a segment goes no further.
    var isOfLoss: Bool {
        switch site {
        case .fault(.linkLoss), .fault(.linkCorrupt): true
        case .fault, .buggify, .chaos: false
        }
    }

    /// Whether it was made for a segment: of those without payload it tells the side alone.
    fileprivate func isOf(_ segment: SegmentSummary) -> Bool {
        guard case .segment(let drawn) = subject, drawn.connection == segment.connection, drawn.side == segment.from,
            drawn.isData == (segment.length > 0), drawn.link == segment.link, drawn.direction == segment.direction
        else { return false }
        return !drawn.isData || number == UInt64(bitPattern: segment.sequence)
    }
}

extension SegmentSummary {
    /// Whether a byte of the stream, by its sequence number, is in it.
    func holds(_ byte: Int64) -> Bool {
        length > 0
            ? sequence <= byte && byte < sequence + Int64(length)
            : sequence == byte && !flags.isDisjoint(with: [.syn, .fin])
    }
}
