import PeerNetworking
public import SimNetwork

/// A place in a run.
public enum Position: Hashable, Sendable {
    /// After the last event at or before a time, in nanoseconds.
    case time(Int64)
    /// After an event, by its number; 0 is before the first.
    case event(Int)
}

/// A run of a lab: what a screen, a script and a test all drive.
///
/// The past is a fold over records: going back moves a cursor and rebuilds nothing.
public protocol LabSession: AnyObject {
    /// The lab that runs.
    var lab: LabDefinition { get }
    /// Which network it runs on.
    var provider: ProviderKind { get }
    /// All that may be shown at the cursor.
    var snapshot: Snapshot { get }
    /// The record of the event at the cursor; nil before the first. Cheaper than a snapshot: asked for at every step.
    var current: EventRecord? { get }

    /// Moves one event forward: along what is recorded, then the live run goes on.
    ///
    /// - Returns: whether there was an event.
    /// - Throws: ``SessionError`` when the run cannot go on.
    @discardableResult
    func step() throws(SessionError) -> Bool

    /// Moves one event back.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    func stepBack() -> Bool

    /// Moves to a place, forwards or backwards; forwards it runs as far as the lab lasts.
    ///
    /// - Parameter budget: live events to run at most; a screen calls again until it has arrived.
    /// - Returns: whether it has arrived (or nothing more can happen).
    /// - Throws: ``SessionError`` when the run cannot go on.
    func seek(to position: Position, budget: Int) throws(SessionError) -> Bool

    /// Does something to the network, at the cursor. In the past that starts a branch: a timeline that shares the past
    /// and goes its own way; the one that is left stays as it is, and can be gone back to.
    ///
    /// - Throws: ``SessionError`` when it cannot be done; then nothing has changed.
    func intervene(_ action: Action) throws(SessionError)

    /// The timelines of the session.
    var timelines: Timelines { get }

    /// Begins a timeline at the cursor that shares all before with the current one, and goes on with it.
    ///
    /// - Parameter name: what it is called; nil for a usual name.
    /// - Throws: ``SessionError`` where it cannot be had.
    func branch(named name: String?) throws(SessionError)

    /// Goes to another timeline: to the same moment where it has that, else to its end.
    ///
    /// - Throws: ``SessionError`` when that cannot be shown.
    func go(to id: TimelineID) throws(SessionError)

    /// All that may be shown of another timeline at the same moment, or at its end where it has not come so far; nil where
    /// not all of its past is kept.
    func glance(at id: TimelineID) -> Snapshot?

    /// Gives a timeline another name.
    ///
    /// - Throws: ``SessionError`` where it cannot be had.
    func rename(_ id: TimelineID, to name: String) throws(SessionError)

    /// Where another timeline first differs from the current one, and what follows from it.
    ///
    /// - Throws: ``SessionError`` where not all of it is kept.
    func difference(to id: TimelineID) throws(SessionError) -> TimelineDifference

    /// Forgets a timeline; those that left it keep what they have of it.
    ///
    /// - Throws: ``SessionError`` where it is the only one, or the current one.
    func forget(_ id: TimelineID) throws(SessionError)

    /// How much of a world that is not there has to be done again: events, of how many. Nil where it is there: what goes on
    /// in it, or is done in it, takes no longer than always.
    func rebuilding(for use: WorldUse) -> (done: Int, events: Int)?

    /// Does some events again for a world that is not there. Whoever does not ask for it waits where the world is needed.
    ///
    /// - Parameter budget: events at most.
    /// - Returns: whether it is there.
    /// - Throws: ``SessionError`` when the run cannot be done again.
    func rebuild(for use: WorldUse, budget: Int) throws(SessionError) -> Bool

    /// What it can do.
    var traits: SessionTraits { get }

    /// Starts to write a recording, beside those that are written already; what has happened so far is in it. It
    /// replaces a file that is there.
    ///
    /// - Throws: ``SessionError`` where it cannot be recorded, and when the file cannot be written or another recording
    ///   is written to it.
    func record(to path: String) throws(SessionError)

    /// Has every event from now on followed as it happens. Nothing is followed where ``SessionTraits/canBeDoneAgain`` is
    /// false: all of the past is kept there.
    func follow(with follower: any RunFollower)

    /// Ends the recordings that are written, each with its footer.
    func finishRecording()

    /// Why a recording is not whole; nil when all are, and where there is none.
    var recordingProblem: String? { get }

    /// Ends the recordings, the run and all its tasks and sockets.
    func close()
}

extension LabSession {
    /// Moves to the latest event that has happened, and runs no further.
    ///
    /// - Throws: ``SessionError`` never where nothing more has to be run for it.
    package func seekLatest() throws(SessionError) {
        _ = try seek(to: .event(snapshot.records.count), budget: .max)
    }

    /// Has moves end between two events where they are asked to, and what is done in the past be left undone; real sockets
    /// go on by themselves and need not be asked.
    ///
    /// - Parameters:
    ///   - pauses: whether a move is to end, as where its budget is spent.
    ///   - isAbandoned: whether what was run for something in the past is to be left.
    package func ask(pauses: @escaping () -> Bool, isAbandoned: @escaping () -> Bool) {
        guard let session = self as? SimSession else { return }
        (session.pauses, session.isAbandoned) = (pauses, isAbandoned)
    }

    /// The record of the event at the cursor; nil before the first.
    public var current: EventRecord? {
        let snapshot = snapshot
        return snapshot.event > 0 ? snapshot.records[event: snapshot.event] : nil
    }

    /// What it can do.
    public var traits: SessionTraits { provider.traits }

    /// Nil: nothing is recorded.
    public var recordingProblem: String? { nil }

    /// Refuses: there is one timeline, and the past is what happened.
    public func branch(named name: String?) throws(SessionError) { throw Self.hasOneTimeline(on: provider) }

    /// Does nothing: there is one timeline.
    public func go(to id: TimelineID) throws(SessionError) {}

    /// Nil: there is no other.
    public func glance(at id: TimelineID) -> Snapshot? { nil }

    /// Refuses: there is one timeline, and the past is what happened.
    public func rename(_ id: TimelineID, to name: String) throws(SessionError) {
        throw Self.hasOneTimeline(on: provider)
    }

    /// Refuses: there is one timeline.
    public func difference(to id: TimelineID) throws(SessionError) -> TimelineDifference {
        throw Self.hasOneTimeline(on: provider)
    }

    /// Refuses: there is one timeline, and the past is what happened.
    public func forget(_ id: TimelineID) throws(SessionError) { throw Self.hasOneTimeline(on: provider) }

    private static func hasOneTimeline(on provider: ProviderKind) -> SessionError {
        SessionError("a run on \(provider.rawValue) has one timeline: its past cannot be changed")
    }

    /// Nil: the world is there.
    public func rebuilding(for use: WorldUse) -> (done: Int, events: Int)? { nil }

    /// True: the world is there.
    public func rebuild(for use: WorldUse, budget: Int) throws(SessionError) -> Bool { true }

    /// Refuses: what was recorded is there already.
    public func record(to path: String) throws(SessionError) {
        throw SessionError("what was recorded is not recorded again: copy its file")
    }

    /// Does nothing: all of the past is kept.
    public func follow(with follower: any RunFollower) {}

    /// Does nothing: nothing is recorded.
    public func finishRecording() {}
}
