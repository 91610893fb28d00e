package import Lab
import PeerNetworking
package import Screen
import SimNetwork

/// Why the application ends.
package enum QuitReason: Hashable, Sendable {
    /// The user asked.
    case asked
    /// Control-C.
    case interrupted
    /// The terminal or the system asked.
    case terminated
}

/// The screen of a lab: takes inputs, drives the session, and says what to show.
///
/// Belongs to one thread. It reads no clock: whoever drives it says how much time has passed.
package final class LabApp {
    /// The session that is driven.
    package let session: any LabSession
    /// The same lab on another network, which follows the first; shown on the right.
    package let second: (any LabSession)?
    /// What the screen shows and how, apart from the run.
    package internal(set) var view = ViewState()
    /// What a command line calls the lab; nil where none can, as for one from standard input or from a recording.
    package var nameOnCommandLine: String?
    /// Why the application is to end; nil while it is not.
    package internal(set) var wantsQuit: QuitReason?
    /// Whether the terminal is to be given back for a while; the main loop does it.
    package internal(set) var wantsSuspend = false
    /// The extent of the screen.
    package internal(set) var size = Size(rows: 24, columns: 80)

    /// The long move under way.
    var seek: Seek?
    /// What a run that goes on by itself is watched with.
    var running: Search?
    /// The virtual time that the run is to reach, while it goes on.
    var target: Int64 = 0
    /// Lines entered before, by purpose.
    var histories: [Prompt.Purpose: [String]] = [:]
    /// Whether inputs are to be looked at before more is done.
    var isTimeUp: () -> Bool = { false }
    /// Takes what a command has to tell that is more than a line, where nobody sees a screen.
    package var tells: ((String) -> Void)?
    /// The file to which a recording is written; nil while none is.
    var recordedTo: String?
    let writeRecording: (String) throws(SessionError) -> Void
    private var cached: Snapshot?
    private var cachedSecond: Snapshot?
    private var cachedPartner: Snapshot?

    /// Makes the screen of a session.
    ///
    /// - Parameters:
    ///   - session: what is driven.
    ///   - second: the same lab on another network, to be compared.
    ///   - recordTo: writes a recording to a file from now on; by default what the session does itself.
    package init(
        session: any LabSession, second: (any LabSession)? = nil,
        recordTo: ((String) throws(SessionError) -> Void)? = nil
    ) {
        self.session = session
        self.second = second
        nameOnCommandLine = session.lab.name
        if let recordTo {
            writeRecording = recordTo
        } else {
            writeRecording = { path throws(SessionError) in
                try session.record(to: path)
            }
        }
        if second != nil { view.lifeCycle = LifeCycleComparison() }
        let warnings = session.lab.warnings.count
        if warnings > 0 {
            let count = NumberText.count(warnings, "warning")
            view.notice = Notice(
                text: "\(count) in the lab's file; :warnings shows \(warnings == 1 ? "it" : "them")", isError: true)
        }
    }

    /// Begins at a place, as `goto` goes there; on real sockets what is still to come is waited for.
    package func open(at place: Lab.Position) {
        let warned = view.notice
        begin(.place(place))
        if session.traits.isStepped { settle() }
        // That the place was not reached must not hide that the lab's file has warnings.
        if let warned, let said = view.notice, said != warned {
            view.notice = Notice(text: "\(said.text); \(warned.text)", isError: true)
        }
    }

    /// Begins where something fails first, as `until failed` goes there.
    package func openWhereItFails() {
        let warned = view.notice
        // A replay, or what was done on the way here, has left the session at its end.
        _ = try? session.seek(to: .event(0), budget: .max)
        invalidate()
        begin(.forward(search(for: .failure)))
        if session.traits.isStepped { settle() }
        if let warned, let said = view.notice, said != warned {
            view.notice = Notice(text: "\(said.text); \(warned.text)", isError: true)
        }
    }

    /// The time at the cursor, in nanoseconds.
    package var now: Int64 { snapshot.reached }
    /// Whether the run goes on by itself.
    package var isRunning: Bool { view.isRunning }
    /// Whether a long move is under way.
    package var isSeeking: Bool { seek != nil }
    /// Whether the terminal is too small to see what keys would change.
    package var isTooSmall: Bool { Layout.isTooSmall(size) }

    /// What the session shows at its cursor.
    package var snapshot: Snapshot {
        if let cached { return cached }
        let snapshot = session.snapshot
        cached = snapshot
        return snapshot
    }

    /// What the second session shows at its cursor.
    package var secondSnapshot: Snapshot? {
        if let cachedSecond { return cachedSecond }
        cachedSecond = second?.snapshot
        return cachedSecond
    }

    /// What the timeline beside the current one shows at the same moment; nil where none is shown.
    package var partnerSnapshot: Snapshot? {
        guard let partner = view.comparison?.partner else { return nil }
        if let cachedPartner { return cachedPartner }
        cachedPartner = session.glance(at: partner)
        return cachedPartner
    }

    /// Whether two runs are shown side by side.
    var isComparing: Bool { second != nil || view.comparison != nil }

    /// Forgets what the sessions showed: they are about to change, or have changed by themselves.
    func invalidate() {
        cached = nil
        cachedSecond = nil
        cachedPartner = nil
    }

    /// Prepares for the session to move from what is shown: real sockets went on while it was looked at.
    func leave() {
        let shown = cached?.event
        invalidate()
        guard !session.traits.isStepped, let shown else { return }
        _ = try? session.seek(to: .event(shown), budget: .max)
    }

    /// Forgets what the second session showed.
    func invalidateSecond() { cachedSecond = nil }

    /// The picture at a size.
    package func frame(size: Size, capabilities: Capabilities) -> Screen.Frame {
        self.size = size
        if let right = secondSnapshot {
            return renderBoth(view, left: snapshot, right: right, size: size, capabilities: capabilities)
        }
        if let comparison = view.comparison, let other = partnerSnapshot {
            return renderTimelines(
                view, snapshot, beside: other, comparison, size: size, capabilities: capabilities)
        }
        return render(view, snapshot: snapshot, size: size, capabilities: capabilities)
    }

    /// Where the cursor stands: in the line being typed, or nowhere.
    package var cursor: Screen.Position? {
        guard let prompt = view.prompt, !isTooSmall else { return nil }
        return StatusLine.cursor(of: prompt, size: size)
    }

    /// Says something on the status line.
    func say(_ text: String) { view.notice = Notice(text: text, isError: false) }

    /// Says why something was not done.
    func complain(_ error: SessionError) { view.notice = Notice(text: error.description, isError: true) }
}
