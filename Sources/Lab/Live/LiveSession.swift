package import LinuxNetwork
import PeerNetworking
public import SimNetwork

/// A session on real sockets: the same peers and workloads, each lab host an address of 127.0.0.0/8, or a network of its own.
///
/// It runs by itself, in real time, from the moment it is opened; what has happened can be looked at in the same way as
/// in the simulation.
public final class LiveSession: LabSession {
    /// The lab that runs.
    public let lab: LabDefinition
    /// The seed of the peers' own draws.
    public let seed: UInt64
    /// The loopback interface, or hosts that are namespaces.
    public let provider: ProviderKind

    /// Nil where it could not begin.
    private let run: LiveRun?
    /// Why the run cannot go on, where it cannot.
    private var failure: String?
    private let reserve = DescriptorReserve(LiveNeeds.reserve)
    private var past: RealPast
    private var isClosed = false
    private let congestion: [CongestionUse]
    /// Probes of the tail that the hosts' kernels have sent, once it is over.
    private var tailProbes: Int64?
    private var recorders: [RealRecorder] = []
    /// Why a recording is not whole; nil when all are.
    public private(set) var recordingProblem: String?

    /// Opens a session, which begins to run.
    ///
    /// - Parameters:
    ///   - provider: which real network.
    ///   - seed: instead of the lab's own.
    ///   - memory: in how much memory it keeps the past; all of it in any case, for it cannot be done again.
    public convenience init(
        lab: LabDefinition, on provider: ProviderKind = .loopback, seed: UInt64? = nil, memory: LogMemory = .standard
    ) {
        self.init(lab: lab, on: provider, seed: seed, memory: memory, device: nil)
    }

    /// Opens a session whose hosts, where they have networks of their own, have devices of a kind; nil for as they can be.
    package init(
        lab: LabDefinition, on provider: ProviderKind, seed: UInt64? = nil, memory: LogMemory = .standard,
        device: HostDevice.Kind?
    ) {
        self.lab = lab
        self.provider = provider
        self.seed = seed ?? lab.seed
        var state = WorldState(hosts: lab.topology.hosts.count, links: lab.topology.links.count)
        var arranged = RealPast.log(memory)
        do throws(MachineFailure) {
            let hosts = provider == .linux ? try LinuxHosts(lab, device: device) : nil
            congestion = hosts?.congestion ?? CongestionUse.ofMachine
            run = LiveRun(lab: lab, seed: self.seed, hosts: hosts, arranged: &arranged, &state)
        } catch {
            run = nil
            congestion = []
            failure = error.description
        }
        past = RealPast(lab, seed: self.seed, on: provider, arranged: arranged, state, memory: memory)
        if run == nil { past.finish() }
        run?.begin()
    }

    deinit { close() }

    /// All that may be shown at the cursor: now, or where the cursor was moved to.
    public var snapshot: Snapshot {
        takeIn()
        var snapshot = past.snapshot(elapsed: past.isFinished ? lab.duration : elapsed, failure: failure)
        snapshot.congestion = congestion
        snapshot.wire = run?.lateness
        snapshot.tailProbes = tailProbes
        snapshot.programs = run?.programStates ?? []
        return snapshot
    }

    /// The one timeline that there is.
    public var timelines: Timelines { past.timelines(elapsed: lab.duration) }

    /// How far time has come, in nanoseconds.
    private var elapsed: Int64 { run?.world.elapsed ?? 0 }

    /// Takes in what has happened since the last look.
    private func takeIn() {
        guard !past.isFinished, let run else { return }
        let elapsed = elapsed
        failure = run.world.failure
        past.add(run.world.take())
        past.timePasses(to: elapsed)
        for recorder in recorders { recorder.follow(past.timeline.records) }
        if elapsed > lab.duration || failure != nil {
            let drops = run.drops
            if drops > 0, failure == nil {
                failure =
                    "the wire has lost \(NumberText.count(Int(drops), "packet")) itself: this run says nothing; run it again"
            }
            tailProbes = run.tailProbes
            past.finish()
        }
        past.follow()
    }

    /// Moves forward along what has happened; what comes next on real sockets comes by itself.
    @discardableResult
    public func step() throws(SessionError) -> Bool {
        takeIn()
        return past.step()
    }

    /// Moves one event back, and stops following.
    @discardableResult
    public func stepBack() -> Bool {
        takeIn()
        return past.stepBack()
    }

    /// Moves to a place in what has happened; at its end the cursor follows again.
    ///
    /// - Returns: whether it has arrived: a time that is still to come has not.
    public func seek(to position: Position, budget: Int = .max) throws(SessionError) -> Bool {
        takeIn()
        past.seek(to: position)
        if case .time(let time) = position { return past.isFinished || elapsed >= time }
        return true
    }

    /// Ends, pauses or starts a process; what needs a wire between the hosts is refused.
    public func intervene(_ action: Action) throws(SessionError) {
        // Looking takes in what has happened.
        if let obstacle = snapshot.obstacle(to: action) { throw SessionError(obstacle) }
        if let reason = run?.perform(action) { throw SessionError(reason) }
        takeIn()
        let intervention = Intervention(time: past.cursor.time, event: past.count, action: action)
        past.add(intervention)
        for recorder in recorders { recorder.intervention(intervention) }
    }

    // MARK: Recordings

    /// Starts to write what happens to a file, beside those that are written already; what has happened so far is in it.
    ///
    /// - Throws: ``SessionError`` when the file cannot be written, or another recording is written to it.
    public func record(to path: String) throws(SessionError) {
        takeIn()
        let recorder = try RealRecorder(path: path, lab: lab, seed: seed, on: provider)
        recorder.follow(past.timeline.records)
        for intervention in past.timeline.interventions { recorder.intervention(intervention) }
        recorders.append(recorder)
    }

    /// Ends the recordings, each with its footer.
    public func finishRecording() {
        guard !recorders.isEmpty else { return }
        let snapshot = snapshot
        let end = RecordingLine.RealEnd(
            events: past.count, time: past.isFinished ? lab.duration : min(elapsed, lab.duration),
            outcome: past.outcome(hasFailed: failure != nil), isOver: past.isFinished, error: failure,
            congestion: congestion, programs: RunReport.ProgramResult.all(of: snapshot),
            late: RunReport.Lateness(snapshot), tailProbes: tailProbes)
        for recorder in recorders {
            recorder.follow(past.timeline.records)
            recorder.finish(end)
            recordingProblem = recordingProblem ?? recorder.problem
        }
        recorders = []
    }

    /// Runs a program inside a host, with this process's own streams, until it ends.
    ///
    /// - Returns: its exit status, and 128 + n where a signal ended it.
    /// - Throws: ``MachineFailure`` where it cannot be started.
    package func execute(_ command: [String], in host: HostID) throws(MachineFailure) -> Int32 {
        guard let run else { throw MachineFailure(failure ?? "the lab does not run") }
        let program = try run.startProgram(command, in: host)
        return program.wait()
    }

    /// Ends all processes and sockets.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        finishRecording()
        reserve.release()
        run?.end()
    }
}
