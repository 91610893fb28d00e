import SimNetwork

/// The causes that are left of a failing run, told from the run that they make.
struct CauseTale {
    /// By what the run fails first.
    private(set) var failure: RunFailure?
    /// Events up to there.
    private(set) var events = 0
    private var told: [(time: Int64, sentence: String)] = []
    private let lab: LabDefinition

    /// - Parameters:
    ///   - causes: those that are left, in the order of their times.
    ///   - original: the lab whose hosts, links and peers they name.
    init(_ lab: LabDefinition, _ seed: UInt64, _ causes: [ShrinkCause], of original: LabDefinition) {
        self.lab = lab
        let result = TrialRun(lab: lab, seed: seed).result()
        (failure, events) = (result.failure, result.events)
        let session = SimSession(lab: lab, seed: seed)
        defer { session.close() }
        _ = try? session.seek(to: .event(result.events))
        let teller = Teller(session.snapshot, causes, of: original)
        told = causes.map { teller.told($0) }.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }
        .map(\.element)
    }

    /// A sentence a cause.
    var sentences: [String] { told.map(\.sentence) }

    /// The causes as a lab's story, with the failure at its end.
    var story: [StoryLine] {
        guard let failure else { return [] }
        let count = told.isEmpty ? "Nothing that is drawn or done" : NumberText.count(told.count, "cause")
        let is_ = told.count == 1 || told.isEmpty ? "is" : "are"
        let beginning = told.filter { $0.time == 0 }.map(\.sentence)
        let start =
            [
                "What \(is_) left of a run of \(lab.name) that fails: \(failure.signature.text). \(count) \(is_) needed for it."
            ]
            + beginning
        var lines = [StoryLine(when: .start, text: start.joined(separator: " "))]
        var rest = told.filter { $0.time > 0 }[...]
        while let first = rest.first {
            let together = rest.prefix { $0.time == first.time }
            lines.append(
                StoryLine(when: .time(first.time), text: together.map(\.sentence).joined(separator: " ")))
            rest = rest.dropFirst(together.count)
        }
        lines.append(StoryLine(when: .time(failure.time), text: "It fails: \(failure.text)"))
        return lines
    }
}

/// Tells causes by the records of the run that they make.
private struct Teller {
    private let names: Names
    private let text: EventText
    /// That of the actions.
    private let original: LabDefinition
    /// What the causes' draws decided, by their places among the causes.
    private var struck: [ShrinkCause: (record: EventRecord, draw: DrawRecord)] = [:]

    init(_ snapshot: Snapshot, _ causes: [ShrinkCause], of original: LabDefinition) {
        self.original = original
        names = Names(snapshot)
        text = EventText(snapshot)
        let forced = causes.compactMap { cause -> FailureObservation.Fired? in
            if case .draw(let fired) = cause { fired } else { nil }
        }
        var stable = StableNames(snapshot.lab)
        guard !forced.isEmpty, snapshot.records.first == 1, snapshot.records.count > 0 else { return }
        for event in 1...snapshot.records.count {
            let record = snapshot.records[event: event]
            for change in record.changes { stable.see(change) }
            for case .draw(let draw) in record.changes where draw.fires {
                let subject = stable.name(draw.subject, snapshot.world.names.subjects)
                // By its number, or as the one that was made to fire at its time.
                let cause = forced.first { fired in
                    fired.site == draw.site && struck[.draw(fired)] == nil
                        && (fired.force.subject == subject && fired.force.number == draw.number
                            || fired.time == record.time
                                && fired.group == stable.group(draw, snapshot.world.names.subjects))
                }
                if let cause { struck[.draw(cause)] = (record, draw) }
            }
        }
    }

    /// When a cause strikes, and a sentence that says what it does.
    func told(_ cause: ShrinkCause) -> (time: Int64, sentence: String) {
        switch cause {
        case .draw(let fired):
            guard let (record, draw) = struck[cause] else {
                return (fired.time, "\(fired.site) is to fire for \(fired.force.subject ?? "the network").")
            }
            return (record.time, sentence(of: draw, in: record))
        case .episode(let scheduled): return (time(of: scheduled), sentence(of: scheduled, "an episode of chaos: "))
        case .intervention(let scheduled): return (time(of: scheduled), sentence(of: scheduled, "done by hand: "))
        case .scheduled(let scheduled): return (time(of: scheduled), sentence(of: scheduled, ""))
        case .standing(let action): return (0, "From the beginning: \(self.text(of: action)).")
        case .knob(let knob): return (0, "Buggify has turned \(knob.knob) of \(knob.subject) to \(knob.value).")
        case .taskOrder: return (0, "Tasks that are ready together run in an order that the seed draws.")
        }
    }

    private func sentence(of draw: DrawRecord, in record: EventRecord) -> String {
        let what = "\(TimeText.clock(record.time)) s: \(draw.site) fires for \(names.text(of: draw))"
        let line = text.line(of: record)
        let seen = [line.who, line.verb, line.detail].filter { !$0.isEmpty }.joined(separator: " ")
        return "\(what) (\(ThingNames.event(record.number)), \(seen))."
    }

    /// - Parameter origin: whose it is, before what it is.
    private func sentence(of scheduled: ScheduledAction, _ origin: String) -> String {
        let action = text(of: scheduled.action)
        let lasts = scheduled.lasts.map { ", for \(TimeText.duration($0))" } ?? ""
        switch scheduled.trigger {
        case .at(let time): return "\(TimeText.clock(time)) s: \(origin)\(action)\(lasts)."
        case .when(let condition, let after):
            let delay = after > 0 ? "\(TimeText.duration(after)) after" : "When"
            return "\(delay) \(condition.text(in: original)): \(origin)\(action)\(lasts)."
        }
    }

    private func text(of action: Action) -> String {
        ThingNames.shortened(ActionSyntax(lab: original).text(of: action))
    }

    private func time(of scheduled: ScheduledAction) -> Int64 {
        if case .at(let time) = scheduled.trigger { time } else { 0 }
    }
}
