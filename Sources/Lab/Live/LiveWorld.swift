import NIOConcurrencyHelpers
import NIOCore
import PeerNetworking
import SimNetwork
import TCP

/// The world of a run on real sockets, on their event loop: what happens is noted in it, what is due happens, and its records
/// are handed to the session.
///
/// On its loop only, but for what says otherwise.
final class LiveWorld: Sendable {
    private let loop: any EventLoop
    private let start = NIODeadline.now()
    private let world: NIOLoopBoundBox<RealTimeWorld>
    private let alarm: NIOLoopBoundBox<Alarm?>
    private let follower: NIOLoopBoundBox<Follower?>
    private let pending = NIOLockedValueBox<[EventRecord]>([])
    private let problem = NIOLockedValueBox<String?>(nil)
    /// Something is done to calls, or was: only then is the world asked about them.
    private let strikesCalls = NIOLockedValueBox(false)

    /// Who does for real what the world decides.
    struct Follower: Sendable {
        /// Something has changed.
        let follow: @Sendable (Change) -> Void
        /// Why something cannot be done to what is real alone; nil where it can.
        let obstacle: @Sendable (Action) -> String?
        /// Does it.
        let carryOut: @Sendable (Action) -> Void
        /// Takes what has crossed the links.
        let land: @Sendable (Landing) -> Void
    }

    /// When the loop is to look at the world again.
    private struct Alarm {
        let due: Int64
        let task: Scheduled<Void>
    }

    /// Makes the world of a run that has not begun, from any thread.
    ///
    /// - Parameters:
    ///   - provider: by which it is known what can be done.
    ///   - log: takes what is arranged before the first event, as its event 0; `state` is the state then.
    init(
        _ lab: LabDefinition, seed: UInt64, on loop: any EventLoop, _ provider: ProviderKind,
        arranged log: inout RecordLog, _ state: inout WorldState
    ) {
        self.loop = loop
        if lab.topology.hosts.contains(where: { $0.limits.sockets != HostLimits().sockets }) {
            strikesCalls.withLockedValue { $0 = true }
        }
        let world = RealTimeWorld(
            topology: lab.topology, seed: seed, processes: lab.peers.map { ($0.name, $0.host) },
            buggify: lab.buggify, chaos: lab.chaos,
            canBeHad: { LiveFaults.obstacle(to: $0, on: provider) == nil },
            isOutside: { LiveFaults.isOutside($0, on: provider) })
        func isHad(_ action: Action) -> Bool { LiveFaults.obstacle(to: action, on: provider) == nil }
        for action in lab.standing where isHad(action) { world.establish(action) }
        for fault in lab.faults where isHad(fault.action) { world.schedule(fault) }
        world.arrange(in: &log, &state)
        self.world = NIOLoopBoundBox.makeBoxSendingValue(world, eventLoop: loop)
        alarm = NIOLoopBoundBox.makeEmptyBox(eventLoop: loop)
        follower = NIOLoopBoundBox.makeEmptyBox(eventLoop: loop)
    }

    /// Nanoseconds since the run was made, from any thread.
    var elapsed: Int64 { (NIODeadline.now() - start).nanoseconds }

    /// Begins, from any thread: what the world decides from now on is done by `follower`. What it needs begins before.
    func begin(_ follower: Follower, beginning: @escaping @Sendable () -> Void) {
        loop.execute { [self] in
            beginning()
            self.follower.value = follower
            world.value.obstacle = follower.obstacle
            takeIn(world.value.advance(to: elapsed))
        }
    }

    /// Notes something that has happened, from any thread.
    func note(
        host: HostID? = nil, connection: ConnectionID? = nil, process: ProcessID? = nil, _ changes: [Change]
    ) {
        add { $0.note(at: $1, host: host, connection: connection, process: process, changes) }
    }

    /// A process has ended by itself, from any thread.
    func ended(_ process: ProcessID) { add { $0.ended(process, at: $1) } }

    /// Adds to the world what has happened just now.
    private func add(_ what: @escaping @Sendable (RealTimeWorld, Int64) -> [EventRecord]) {
        let time = elapsed
        if loop.inEventLoop { return takeIn(what(world.value, time)) }
        loop.execute { [self] in takeIn(what(world.value, time)) }
    }

    // MARK: Calls

    /// Asks for a decision about a call, if anything is done to calls at all. From the peers' thread, which waits for the answer.
    ///
    /// - Parameter question: asks the world at a time; it gives the records that this has made.
    /// - Returns: nil where nothing is done to calls.
    func askOfCall<Answer: Sendable>(
        _ question: @escaping @Sendable (RealTimeWorld, Int64) -> RealTimeWorld.Decided<Answer>
    ) -> Answer? {
        strikesCalls.withLockedValue({ $0 }) ? ask(question) : nil
    }

    /// Asks for a decision. From the peers' thread, which waits for the answer.
    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (RealTimeWorld, Int64) -> RealTimeWorld.Decided<Answer>
    ) -> Answer {
        let time = elapsed
        if loop.inEventLoop { return decide(question, at: time) }
        // The world has a loop of its own then, which waits for nobody.
        return BlockingAnswer.of(loop) { [self] in decide(question, at: time) }
    }

    private func decide<Answer>(
        _ question: (RealTimeWorld, Int64) -> RealTimeWorld.Decided<Answer>, at time: Int64
    ) -> Answer {
        let (answer, records) = question(world.value, time)
        if !records.isEmpty { takeIn(records) }
        return answer
    }

    /// An attempt to connect has come to nothing before a connection was asked for.
    func unasked(_ process: ProcessID, _ remote: Endpoint, _ error: NetworkError) {
        let reason = error.reason.isEmpty ? remote.host : error.reason
        add { $0.unasked(process, port: remote.port, error.code, reason: reason, at: $1) }
    }

    /// A process is about to ask for a connection whose segments no wire sees.
    func opens(_ connection: ConnectionID, by process: ProcessID, to remote: Endpoint) {
        add { world, _ in
            world.opens(connection, by: process, to: remote.host, port: remote.port)
            return []
        }
    }

    /// A connection has come to nothing.
    func forget(_ connection: ConnectionID) {
        add { world, _ in
            world.forget(connection)
            return []
        }
    }

    /// Notes that a connection has been asked for, from any thread.
    func note(opened connection: ConnectionID, from host: HostID, to: HostID, port: UInt16) {
        add { world, time in
            let opener = world.opener(of: connection)
            return world.note(
                at: time, host: host, connection: connection,
                [
                    .opened(connection, from: host, fromPort: 0, to: to, toPort: port, by: opener),
                    .tcp(connection, .client, .synSent),
                ])
        }
    }

    /// The run cannot go on, from any thread.
    func fails(_ reason: String) { problem.withLockedValue { $0 = $0 ?? reason } }

    /// Why the run cannot go on, from any thread; nil where it can.
    var failure: String? { problem.withLockedValue { $0 } }

    // MARK: The wire

    /// A kernel asks for a connection, from any thread.
    func open(
        _ id: ConnectionID, from: (host: HostID, port: UInt16), to: (host: HostID, port: UInt16), by process: ProcessID?
    ) {
        let (from, to) = (from, to)
        add { $0.open(id, from: from, to: to, by: process, at: $1) }
    }

    /// A segment leaves a kernel.
    func leaves(_ segment: TCPSegment, of id: ConnectionID, from side: Side) {
        takeIn(world.value.leaves(segment, of: id, from: side, at: elapsed))
    }

    /// A kernel has said in which state an end is; nil where it does not know it.
    func told(_ state: TCPState?, of id: ConnectionID, _ side: Side) {
        takeIn(world.value.told(state, of: id, side, at: elapsed))
    }

    /// Nothing crosses the links, and nothing else will happen by itself.
    var isStill: Bool { world.value.due == nil }

    /// Breaks a connection off at some of its ends, which are told of it.
    func breakOff(_ id: ConnectionID, at sides: [Side]) {
        takeIn(world.value.breakOff(id, at: sides, time: elapsed))
    }

    /// The connections that have an end at a host, and which of their ends that is.
    func ends(at host: HostID) -> [(connection: ConnectionID, side: Side)] { world.value.ends(at: host) }

    /// One end of a connection is gone without a word.
    func mute(_ id: ConnectionID, _ side: Side) { world.value.mute(id, side) }

    /// The TCP options of a host as they are now.
    func options(of host: HostID) -> TCPOptions { world.value.options(of: host) }

    /// Does something on its loop, from any thread.
    func onLoop(_ body: @escaping @Sendable () -> Void) { if loop.inEventLoop { body() } else { loop.execute(body) } }

    /// In which state an end must be, and when something was last seen of it; nil for one that is gone.
    func end(_ id: ConnectionID, _ side: Side) -> (state: TCPState, heard: Int64)? { world.value.end(id, side) }

    /// Carries out an action by hand, from any other thread.
    ///
    /// - Returns: why it cannot be; nil when it was.
    func perform(_ action: Action) -> String? {
        let done = loop.submit { [self] () -> String? in
            do throws(ActionError) {
                takeIn(try world.value.perform(action, at: elapsed))
                return nil
            } catch {
                return error.description
            }
        }
        do { return try done.wait() } catch { return "the run is over" }
    }

    /// Takes the records made since the last call, from any thread.
    func take() -> [EventRecord] {
        pending.withLockedValue { records in
            defer { records = [] }
            return records
        }
    }

    private func takeIn(_ records: [EventRecord]) {
        if let failure = world.value.failure { fails(failure.description) }
        for landing in world.value.takeLandings() { follower.value?.land(landing) }
        guard !records.isEmpty else { return setAlarm() }
        pending.withLockedValue { $0 += records }
        for case .standing(let action) in records.lazy.flatMap(\.changes) where LiveFaults.concernsCalls(action) {
            strikesCalls.withLockedValue { $0 = true }
        }
        // What follows from them is noted in its turn.
        for record in records { for change in record.changes { follower.value?.follow(change) } }
        for deed in world.value.takeDeeds() { follower.value?.carryOut(deed) }
        setAlarm()
    }

    private func setAlarm() {
        let due = world.value.due
        guard due != alarm.value?.due else { return }
        alarm.value?.task.cancel()
        alarm.value = due.map { due in
            let task = loop.scheduleTask(in: .nanoseconds(max(0, due - elapsed))) { [self] in
                alarm.value = nil
                takeIn(world.value.advance(to: elapsed))
            }
            return Alarm(due: due, task: task)
        }
    }

    /// Ends it, from any thread, and then what it has needed.
    func end(_ ending: @escaping @Sendable () -> Void) {
        let end = { @Sendable [self] in
            alarm.value?.task.cancel()
            (alarm.value, follower.value) = (nil, nil)
            world.value.shutDown()
            ending()
        }
        onLoop(end)
    }
}
