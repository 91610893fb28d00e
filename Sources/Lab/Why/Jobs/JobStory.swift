import PeerNetworking
import SimNetwork

/// A job's life as a text: which worker had it and when, whose lease ran out, who has done it, and which time counted.
package struct JobStory {
    /// The job.
    package let life: JobLife
    private let names: Names

    /// Reads a job's life off the records up to the cursor.
    ///
    /// - Throws: ``SessionError`` where there is no such job, or more than one.
    package init(_ query: JobQuery, in snapshot: Snapshot) throws(SessionError) {
        let names = Names(snapshot)
        let book = JobBook(snapshot.records, of: snapshot.lab, upTo: snapshot.event) { $0 == query.number }
        let lives = book.lives.filter { query.queue == nil || query.queue == names.name($0.queue) }
        guard let life = lives.first else { throw SessionError("no \(query.text) was given by then") }
        guard lives.count == 1 else {
            let all = lives.prefix(6).map { "\(ThingNames.job($0.number)) \(names.name($0.queue))" }
            throw SessionError("there is more than one \(query.text); write \(listing(all, "or"))")
        }
        (self.life, self.names) = (life, names)
    }

    // MARK: In words

    /// What stands over it: `Job 41 of office`.
    package var title: String { "Job \(life.number) of \(names.name(life.queue))" }

    /// The page.
    package var lines: [TextLine] {
        let (given, done) = (life.count(.given) + life.count(.givenAgain), life.count(.done))
        var lines = [standing, TextLine.field("given", times(given), given > 1 ? .warning : .plain)]
        let counted = life.count(.counted) == 0 ? "" : done > 1 ? ": counted once" : ", and counted"
        lines.append(.field("done", times(done) + counted, done > 1 ? .warning : .plain))
        return lines + [TextLine(), .heading("Its life")] + life.turns.map(line)
    }

    private func times(_ count: Int) -> String {
        switch count {
        case 0: "not yet"
        case 1: "once"
        case 2: "twice"
        default: "\(count) times"
        }
    }

    private var standing: TextLine {
        switch life.standing {
        case .counted:
            let turn = life.turns.first { $0.turn == .counted }
            return .field("is", "done" + (turn.map { " by \(worker($0))" } ?? ""), .good, event: turn?.at.event)
        case .waits: return .field("is", "to be given again", .warning)
        case .given:
            let turn = life.turns.last { $0.turn == .given || $0.turn == .givenAgain }
            return .field("is", turn.map { "with \(worker($0))" } ?? "with a worker", event: turn?.at.event)
        }
    }

    private func worker(_ turn: JobLife.Turn) -> String { turn.worker.map { names.name($0) } ?? "a worker" }

    private func line(of turn: JobLife.Turn) -> TextLine {
        let (queue, worker) = (names.name(life.queue), worker(turn))
        let words =
            switch turn.turn {
            case .given: "\(queue) gives it to \(worker)"
            case .givenAgain: "\(queue) gives it again, to \(worker)"
            case .leaseOver: "the lease of \(worker) is over"
            case .returned: "\(queue) could not hand it to \(worker)"
            case .begun: "\(worker) begins with it"
            case .done: "\(worker) has done it"
            case .counted: "\(queue) hears of it from \(worker), and counts it"
            case .repeated: "\(queue) hears of it from \(worker) as well, and does not count it"
            }
        return TextLine(
            [
                ("\(ThingNames.event(turn.at.event))  \(TimeText.clock(turn.at.time))  ", .time),
                (words, turn.turn.role), (turn.connection.map { "  \($0)" } ?? "", .dim),
            ], event: turn.at.event)
    }
}

/// Which job is asked for: `41`, of which queue, as far as that is said.
package struct JobQuery: Hashable, Sendable {
    /// Its number.
    package var number: UInt64
    /// The name of its queue; nil where that is not said.
    package var queue: String?

    /// Reads `41`, `41 office`.
    package init?(_ words: [String]) {
        guard (1...2).contains(words.count), let number = UInt64(words[0]) else { return nil }
        self.number = number
        if words.count > 1 { queue = words[1] }
    }

    /// As it is written.
    package var text: String { ([ThingNames.job(number)] + [queue].compactMap(\.self)).joined(separator: " ") }
}
