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

        /// A sentence for the user.
        public var description: String {
            let place =
                if event == 0 { "from the beginning" } else if agreed == 0 { "before event \(event)" } else {
                    "between events \(agreed) and \(event)"
                }
            return "diverged \(place): the recording says \(expected), the replay \(actual)"
        }
    }

    /// Runs a recording in a new session and checks every checkpoint.
    ///
    /// - Returns: the session at the recording's end, and where it diverged, if it did.
    /// - Throws: ``SessionError`` when the run cannot go on.
    public static func run(_ recording: Recording) throws(SessionError) -> (
        session: SimSession, divergence: Divergence?
    ) {
        let session = SimSession(lab: recording.lab, seed: recording.seed)
        var interventions = recording.interventions[...]
        var agreed = 0
        for checkpoint in recording.checkpoints {
            if let missing = try carryOut(&interventions, upTo: checkpoint.event, in: session, agreed: agreed) {
                return (session, missing)
            }
            _ = try session.seek(to: .event(checkpoint.event))
            guard session.snapshot.event == checkpoint.event else {
                return (session, missing(event: checkpoint.event, agreed: agreed, session))
            }
            guard session.digest.description == checkpoint.digest else {
                let divergence = Divergence(
                    event: checkpoint.event, agreed: agreed, expected: checkpoint.digest,
                    actual: session.digest.description)
                return (session, divergence)
            }
            agreed = checkpoint.event
        }
        // What was done after the last checkpoint: the recording was cut off before the next.
        if let missing = try carryOut(&interventions, upTo: .max, in: session, agreed: agreed) {
            return (session, missing)
        }
        if let end = recording.isOver ? recording.lab.duration : recording.time,
            recording.isOver || end > session.snapshot.world.time
        {
            // The recorded run went on to a time, at which no event stood: to the lab's end, or less far. One that ended at
            // an event may have left others of the same time behind.
            _ = try session.seek(to: .time(end))
            guard session.snapshot.event == agreed else {
                let divergence = Divergence(
                    event: agreed + 1, agreed: agreed, expected: "no event after \(agreed)",
                    actual: "went on to event \(session.snapshot.event)")
                return (session, divergence)
            }
        }
        return (session, nil)
    }

    /// Carries out the interventions up to an event, each at its own.
    ///
    /// - Returns: where the run did not get to one of them.
    private static func carryOut(
        _ interventions: inout ArraySlice<Intervention>, upTo event: Int, in session: SimSession, agreed: Int
    ) throws(SessionError) -> Divergence? {
        while let next = interventions.first, next.event <= event {
            interventions.removeFirst()
            _ = try session.seek(to: .event(next.event - 1))
            guard session.snapshot.event == next.event - 1 else {
                return missing(event: next.event, agreed: agreed, session)
            }
            try session.intervene(next.action, at: next.time)
        }
        return nil
    }

    private static func missing(event: Int, agreed: Int, _ session: SimSession) -> Divergence {
        Divergence(
            event: event, agreed: agreed, expected: "an event \(event)",
            actual: "ended after event \(session.snapshot.event)")
    }
}
