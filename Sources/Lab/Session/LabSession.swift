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
    /// and goes its own way; what was recorded after the cursor is given up.
    ///
    /// - Throws: ``SessionError`` when it cannot be done; then nothing has changed.
    func intervene(_ action: Action) throws(SessionError)

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

    /// Refuses: what is not drawn from a seed would not replay.
    public func record(to path: String) throws(SessionError) {
        throw SessionError("a run on \(provider.rawValue) cannot be recorded: it would not replay")
    }

    /// Does nothing: all of the past is kept.
    public func follow(with follower: any RunFollower) {}

    /// Does nothing: nothing is recorded.
    public func finishRecording() {}
}
