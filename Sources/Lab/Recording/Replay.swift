import PeerNetworking
import SimNetwork

/// Runs a recording again.
public struct Replay {
    /// Where a replay left its recording.
    public struct Divergence: Error, Hashable, Sendable, CustomStringConvertible {
        /// The checkpoint's event.
        public var event: Int
        /// The last event at which they agreed.
        public var agreed: Int
        /// What the recording says, and what came out.
        public var expected: String
        /// What came out.
        public var actual: String
        /// What is wrong where all events agree; nil where they do not.
        var flaw: String?
        /// Whether the recording is not what its checksum is of: then that is why, and not the engine.
        var isOfDamage = false
        /// On which timeline, where there are several.
        var timeline: String?

        /// A sentence for the user.
        public var description: String {
            let here = timeline.map { "\($0) " } ?? ""
            if let flaw { return "\(here)diverged after event \(event), the last: \(flaw)" }
            let place =
                if event == 0 { "from the beginning" } else if agreed == 0 { "before event \(event)" } else {
                    "between events \(agreed) and \(event)"
                }
            return "\(here)diverged \(place): the recording says \(expected), the replay \(actual)"
                + (isOfDamage ? "; the recording is damaged or edited: a line is missing, or another than it was" : "")
        }
    }

    /// Runs a recording in a new session and checks every checkpoint, every intervention and the end of each timeline.
    ///
    /// - Parameters:
    ///   - timeline: the one at which the session is to stand; nil for the one that was current at the recording's end.
    ///   - isAlone: whether that one alone is run.
    ///   - memory: what the session keeps of the past, and in how much memory.
    /// - Returns: the session at the timeline's end, and where it diverged, if it did. A recording that was damaged or
    ///   edited where that changes nothing of the run diverges too.
    /// - Throws: ``SessionError`` when the run cannot go on, and where there is no timeline of the name.
    public static func run(
        _ recording: Recording, timeline: String? = nil, alone isAlone: Bool = false, memory: LogMemory = .standard
    ) throws(SessionError) -> (
        session: SimSession, divergence: Divergence?
    ) {
        let name = timeline ?? recording.currentTimeline
        _ = try recording.timelines.lineage.named(name)
        let recording = isAlone ? try recording.alone(name) : recording
        let session = SimSession(lab: recording.lab, seed: recording.seed, memory: memory)
        do throws(Divergence) {
            // All of them before any is brought to its end: those that left another at its latest event did so before.
            var replays = recording.timelines.lineage.inOrder.map { Replay($0.member, of: recording, in: session) }
            for index in replays.indices { try replays[index].carryOut() }
            for replay in replays { try replay.carryOutEnd() }
        } catch {
            var divergence = error
            divergence.isOfDamage = recording.isDamaged && recording.hasEnd
            return (session, divergence)
        }
        if !isAlone { try session.go(to: try session.timelines.named(name).id) }
        _ = try session.seek(to: .event(session.snapshot.records.count))
        guard recording.isDamaged, recording.hasEnd else { return (session, nil) }
        return (session, Divergence(damageAt: session.snapshot.event))
    }

    private let recording: Recording
    private let session: SimSession
    private let member: Lineage.Member
    private let recorded: RecordedTimeline
    private var interventions: ArraySlice<Intervention>
    private var agreed: Int

    private init(_ member: Lineage.Member, of recording: Recording, in session: SimSession) {
        (self.recording, self.session, self.member) = (recording, session, member)
        recorded = recording.timelines[member.id]
        interventions = recorded.interventions[...]
        agreed = member.fork
    }

    private mutating func carryOut() throws(Divergence) {
        do throws(Divergence) {
            try begin()
            try check()
        } catch {
            throw naming(error)
        }
    }

    /// Brings the timeline to its end, where that is recorded.
    private func carryOutEnd() throws(Divergence) {
        guard let end = recorded.end else { return }
        do throws(Divergence) {
            if isOneOfSeveral { try goToLatest() }
            try finish(as: end)
        } catch {
            throw naming(error)
        }
    }

    private var isOneOfSeveral: Bool { recording.timelines.lineage.members.count > 1 }

    /// The divergence with the timeline's name, where there are others.
    private func naming(_ divergence: Divergence) -> Divergence {
        guard isOneOfSeveral else { return divergence }
        var named = divergence
        named.timeline = member.name
        return named
    }

    /// Goes back to the timeline, to its latest event.
    private func goToLatest() throws(Divergence) {
        do throws(SessionError) {
            try session.go(to: try session.timelines.named(member.name).id)
            _ = try session.seek(to: .event(session.snapshot.records.count))
        } catch {
            throw flaw("a timeline '\(member.name)'", "none: \(error)")
        }
    }

    /// Goes where the timeline begins.
    private func begin() throws(Divergence) {
        do throws(SessionError) {
            guard let parent = member.parent else {
                if member.name != session.snapshot.timeline { try session.rename(.main, to: member.name) }
                return
            }
            try session.go(to: try session.timelines.named(recording.timelines.lineage[parent].name).id)
        } catch {
            throw flaw("a timeline '\(member.name)'", "none: \(error)")
        }
        try go(to: .event(member.fork))
        guard session.snapshot.event == member.fork else { throw missing(member.fork) }
        do throws(SessionError) {
            try session.branch(named: member.name)
        } catch {
            throw flaw("a timeline '\(member.name)'", "none: \(error)")
        }
    }

    private mutating func check() throws(Divergence) {
        for checkpoint in recorded.checkpoints {
            try intervene(upTo: checkpoint.event)
            try go(to: .event(checkpoint.event))
            guard session.snapshot.event == checkpoint.event else { throw missing(checkpoint.event) }
            guard session.digest.description == checkpoint.digest else {
                throw Divergence(
                    event: checkpoint.event, agreed: agreed, expected: checkpoint.digest,
                    actual: session.digest.description)
            }
            agreed = checkpoint.event
        }
        // What was done after the last checkpoint: the recording was cut off before the next.
        try intervene(upTo: .max)
    }

    /// Goes on to where the recorded run ended, and compares how.
    private func finish(as end: RecordingLine.Footer) throws(Divergence) {
        let (lasts, now) = (recording.lab.duration, session.snapshot.world.time)
        if let time = end.time, end.isOver ? time != lasts : time < now || time > lasts {
            throw flaw("an end at \(time) ns", "\(end.isOver ? lasts : now) ns")
        }
        if let time = end.isOver ? lasts : end.time, end.isOver || time > now {
            // The recorded run went on to a time, at which no event stood: to the lab's end, or less far. One that ended at
            // an event may have left others of the same time behind.
            try go(to: .time(time))
            guard session.snapshot.event == end.events else {
                throw Divergence(
                    event: end.events + 1, agreed: agreed, expected: "no event after \(end.events)",
                    actual: "went on to event \(session.snapshot.event)")
            }
        }
        // What ended a run that could not go on came behind its last event.
        if end.outcome == .failed, session.outcome != .failed { _ = try? session.step() }
        guard session.snapshot.event == end.events, session.outcome == end.outcome else {
            throw flaw(end.outcome.rawValue, session.outcome.rawValue)
        }
        guard end.isOver == session.isOver else {
            throw flaw("it is \(end.isOver ? "" : "not ")over", "it is \(session.isOver ? "" : "not ")over")
        }
    }
    /// Goes to a place; a run that cannot go on stays where it is.
    private func go(to position: Position) throws(Divergence) {
        do throws(SessionError) {
            _ = try session.seek(to: position)
        } catch {
            guard recorded.end?.outcome != .failed else { return }
            throw Divergence(
                event: session.snapshot.event + 1, agreed: agreed, expected: "a run that goes on",
                actual: "ended: \(error)")
        }
    }

    /// Carries out the interventions up to an event, each at its own.
    private mutating func intervene(upTo event: Int) throws(Divergence) {
        while let next = interventions.first, next.event <= event {
            interventions.removeFirst()
            try go(to: .event(next.event - 1))
            guard session.snapshot.event == next.event - 1 else { throw missing(next.event) }
            let said = "'\(ActionSyntax(lab: recording.lab).text(of: next.action))' at \(next.time) ns"
            do throws(SessionError) {
                try session.intervene(next.action, at: next.time)
            } catch {
                throw Divergence(event: next.event, agreed: agreed, expected: said, actual: "refused it: \(error)")
            }
            guard session.snapshot.world.time == next.time else {
                throw Divergence(
                    event: next.event, agreed: agreed, expected: said,
                    actual: "did it at \(session.snapshot.world.time) ns")
            }
        }
    }

    private func missing(_ event: Int) -> Divergence {
        Divergence(
            event: event, agreed: agreed, expected: "an event \(event)",
            actual: "ended after event \(session.snapshot.event)")
    }

    private func flaw(_ expected: String, _ actual: String) -> Divergence {
        Divergence(
            event: session.snapshot.event, agreed: agreed, expected: expected, actual: actual,
            flaw: "the recording says \(expected), the replay \(actual)")
    }
}

extension Replay.Divergence {
    /// That of a recording all of whose timelines agree.
    fileprivate init(damageAt event: Int) {
        self.init(
            event: event, agreed: event, expected: "one checksum", actual: "another",
            flaw: "the recording is damaged or edited: its content is not what its checksum is of")
    }
}
