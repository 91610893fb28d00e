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

        /// A sentence for the user.
        public var description: String {
            if let flaw { return "diverged after event \(event), the last: \(flaw)" }
            let place =
                if event == 0 { "from the beginning" } else if agreed == 0 { "before event \(event)" } else {
                    "between events \(agreed) and \(event)"
                }
            return "diverged \(place): the recording says \(expected), the replay \(actual)"
        }
    }

    /// Runs a recording in a new session and checks every checkpoint, every intervention and the end.
    ///
    /// - Parameter memory: what the session keeps of the past, and in how much memory.
    /// - Returns: the session at the recording's end, and where it diverged, if it did. A recording that was damaged or
    ///   edited where that changes nothing of the run diverges too.
    /// - Throws: ``SessionError`` when the run cannot go on.
    public static func run(
        _ recording: Recording, memory: LogMemory = .standard
    ) throws(SessionError) -> (
        session: SimSession, divergence: Divergence?
    ) {
        let session = SimSession(lab: recording.lab, seed: recording.seed, memory: memory)
        var replay = Replay(recording: recording, session: session)
        do throws(Divergence) {
            try replay.carryOut()
            return (session, nil)
        } catch {
            return (session, error)
        }
    }

    private let recording: Recording
    private let session: SimSession
    private var interventions: ArraySlice<Intervention>
    private var agreed = 0

    private init(recording: Recording, session: SimSession) {
        (self.recording, self.session) = (recording, session)
        interventions = recording.interventions[...]
    }

    private mutating func carryOut() throws(Divergence) {
        for checkpoint in recording.checkpoints {
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
        guard let events = recording.events else { return }
        try end(at: events)
    }

    /// Goes on to where the recorded run ended, and compares how.
    private func end(at events: Int) throws(Divergence) {
        let lasts = recording.lab.duration
        if let time = recording.time,
            recording.isOver ? time != lasts : time < session.snapshot.world.time || time > lasts
        {
            throw flaw("an end at \(time) ns", "\(recording.isOver ? lasts : session.snapshot.world.time) ns")
        }
        if let end = recording.isOver ? lasts : recording.time, recording.isOver || end > session.snapshot.world.time {
            // The recorded run went on to a time, at which no event stood: to the lab's end, or less far. One that ended at
            // an event may have left others of the same time behind.
            try go(to: .time(end))
            guard session.snapshot.event == events else {
                throw Divergence(
                    event: events + 1, agreed: events, expected: "no event after \(events)",
                    actual: "went on to event \(session.snapshot.event)")
            }
        }
        // What ended a run that could not go on came behind its last event.
        if recording.outcome == .failed, session.outcome != .failed { _ = try? session.step() }
        guard session.snapshot.event == events, session.outcome == recording.outcome else {
            throw flaw(recording.outcome?.rawValue ?? "nothing", session.outcome.rawValue)
        }
        guard recording.isOver == session.isOver else {
            throw flaw("it is \(recording.isOver ? "" : "not ")over", "it is \(session.isOver ? "" : "not ")over")
        }
        if recording.isDamaged {
            throw flaw(
                "one checksum", "another",
                because: "the recording is damaged or edited: its content is not what its checksum is of")
        }
    }

    /// Goes to a place; a run that cannot go on stays where it is.
    private func go(to position: Position) throws(Divergence) {
        do throws(SessionError) {
            _ = try session.seek(to: position)
        } catch {
            guard recording.outcome != .failed else { return }
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

    private func flaw(_ expected: String, _ actual: String, because flaw: String? = nil) -> Divergence {
        Divergence(
            event: session.snapshot.event, agreed: agreed, expected: expected, actual: actual,
            flaw: flaw ?? "the recording says \(expected), the replay \(actual)")
    }
}
