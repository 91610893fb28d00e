package import SimNetwork

/// Why an event happened: its causes back to where they begin, the newest first, and what else had a hand in each.
///
/// Got from records alone: each names the event that caused it, and what a fault has taken is found by looking back for what
/// had set that fault.
package struct CauseStory {
    /// An entry of it, with how deep it stands: what had a hand in an event stands a level below it.
    struct Entry: Hashable {
        var depth: Int
        var step: Step
    }

    /// What stands in an entry.
    enum Step: Hashable {
        /// An event.
        case event(Int)
        /// Events that follow one from another in the same way, over and over.
        case recurrence(Recurrence)
        /// What had a hand in the event above, in words.
        case because(String)
        /// An event that is in the story above.
        case again(Int)
        /// A draw decided.
        case draw(DrawRecord, event: Int)
        /// The lab's file says so.
        case file(SourceQuote)
        /// The story begins there.
        case origin(Origin)
    }

    /// A run of events of which each caused the next in the same way.
    struct Recurrence: Hashable {
        /// The earliest and the latest of them.
        var first: Int
        var last: Int
        /// How often it came.
        var count: Int
        /// Events in one turn of it.
        var turn: Int
    }

    /// Where causes end.
    enum Origin: Hashable {
        /// All processes start.
        case start
        /// It was done by hand, or by a script.
        case hand
        /// The lab has it happen at its time.
        case schedule
        /// Real sockets do not say what caused what.
        case sockets
        /// What was before is not kept.
        case notKept
        /// There are more causes than are followed.
        case further
    }

    /// The event that it is about; what is pending counts as the one after all that have happened.
    package let event: Int
    private(set) var entries: [Entry] = []

    let lab: LabDefinition
    let records: RecordLog
    let text: EventText
    private var seen: Set<Int> = []

    /// Causes followed of one event, at most.
    private static let longest = 20_000
    /// Entries, at most.
    private static let mostEntries = 200
    /// Levels, at most.
    private static let deepest = 4

    /// Finds why an event happened.
    ///
    /// - Parameter event: the number of an event of which there is a record.
    package init(of event: Int, in snapshot: Snapshot) {
        self.event = event
        lab = snapshot.lab
        records = snapshot.records
        text = EventText(snapshot)
        guard event >= records.first, event <= records.count else { return }
        seen.insert(event)
        let record = records[event: event]
        add(.event(event), 0)
        tellOthers(of: record, depth: 0)
        tell(from: record, depth: 0)
    }

    /// Finds why something that is pending will happen.
    ///
    /// - Parameter upcoming: an event that is to happen.
    package init(of upcoming: UpcomingEvent, in snapshot: Snapshot) {
        event = snapshot.records.count + 1
        lab = snapshot.lab
        records = snapshot.records
        text = EventText(snapshot)
        tell(
            from: EventRecord(number: event, time: upcoming.time, kind: upcoming.kind, cause: upcoming.cause), depth: 0)
    }

    // MARK: The chain

    /// Tells the causes of an event, back to where they begin.
    private mutating func tell(from effect: EventRecord, depth: Int) {
        let (chain, origin) = chain(from: effect)
        var index = 0
        while index < chain.count {
            guard entries.count < Self.mostEntries else { return add(.origin(.further), depth) }
            let event = chain[index].number
            if !seen.insert(event).inserted { return add(.again(event), depth) }
            let (turn, turns) = recurrence(in: chain, from: index)
            if turns > 0 {
                let end = index + turn * turns
                add(
                    .recurrence(
                        Recurrence(first: chain[end - 1].number, last: event, count: turns, turn: turn)), depth)
                for member in chain[index..<end] { seen.insert(member.number) }
                index = end
            } else {
                add(.event(event), depth)
                tellOthers(of: records[event: event], depth: depth)
                index += 1
            }
        }
        add(.origin(origin), depth)
        // What the lab's file says of the peer that began it.
        if origin == .start, let quote = quoteOfPeer(behind: chain.dropLast().last ?? effect) {
            add(.file(quote), depth)
        }
    }

    private mutating func add(_ step: Step, _ depth: Int) { entries.append(Entry(depth: depth, step: step)) }

    /// The heads of the causes of an event, the newest first, and where they end.
    private func chain(from effect: EventRecord) -> ([EventRecord], Origin) {
        var chain: [EventRecord] = []
        var current = effect
        if let begin = beginOfLease(in: effect), begin >= records.first {
            current = records.head(ofEvent: begin)
            chain.append(current)
        }
        while current.cause >= 1, current.cause < current.number {
            guard current.cause >= records.first else { return (chain, .notKept) }
            guard chain.count < Self.longest else { return (chain, .further) }
            current = records.head(ofEvent: current.cause)
            chain.append(current)
        }
        let origin: Origin =
            switch current.kind {
            case .start: .start
            case .intervention: .hand
            case .observed: .sockets
            case .fault, .arrival, .retransmission, .acknowledgement, .expiry, .timer: .schedule
            }
        return (chain, origin)
    }

    // MARK: What comes over and over

    /// So many turns are told as one.
    private static let leastTurns = 3

    /// How many turns of the same way follow one another from a place of a chain on, and of how many events each; the shortest
    /// turn that there is.
    private func recurrence(in chain: [EventRecord], from index: Int) -> (turn: Int, turns: Int) {
        for turn in 1...2 {
            var end = index + turn
            while end < chain.count, isAlike(chain[end], chain[end - turn]) { end += 1 }
            let turns = (end - index) / turn
            if turns >= Self.leastTurns { return (turn, turns) }
        }
        return (1, 0)
    }

    private func isAlike(_ left: EventRecord, _ right: EventRecord) -> Bool {
        guard left.kind == right.kind, left.host == right.host, left.connection == right.connection,
            left.process == right.process, left.kind != .start
        else { return false }
        return left.kind != .timer || task(of: left) == task(of: right)
    }

    /// What the timer of an event was set for.
    func task(of record: EventRecord) -> Int32? {
        guard record.kind == .timer, record.cause >= records.first, record.cause < record.number else { return nil }
        for case .timerSet(let process, let task, let due) in records[event: record.cause].changes
        where process == record.process && due == record.time { return task }
        return nil
    }

    // MARK: What else had a hand in it

    /// Tells what had a hand in an event beside what caused it: a level below it.
    private mutating func tellOthers(of record: EventRecord, depth: Int) {
        let below = depth + 1
        for quote in quotes(of: record) { add(.file(quote), below) }
        guard below < Self.deepest else { return }
        for other in others(of: record) {
            guard entries.count < Self.mostEntries else { return }
            if !other.words.isEmpty { add(.because(other.words), below) }
            if let (draw, event) = other.draw { add(.draw(draw, event: event), below) }
            guard let event = other.event, event != record.number else { continue }
            guard seen.insert(event).inserted else {
                add(.again(event), below)
                continue
            }
            add(.event(event), below)
            let cause = records[event: event]
            tellOthers(of: cause, depth: below)
            tell(from: cause, depth: below)
        }
    }
}

extension UpcomingEvent {
    fileprivate var kind: EventKind {
        switch what {
        case .arrival: .arrival
        case .end(_, _, let timer): EventKind(timer)
        case .timer: .timer
        case .action, .fault: .fault
        }
    }
}
