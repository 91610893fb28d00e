import CTrap
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import PeerNetworking
import SimNetwork
import SocketNetwork

/// A lab's peers on real sockets: one event loop, a process for each peer, the lab's faults as far as they can be had.
final class LiveRun: Sendable {
    /// The faults, the schedule and the records.
    let world: LiveWorld
    private let recorder: LiveRecorder
    private let lab: LabDefinition
    private let groups: PeerGroups
    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let run: SocketRun
    private let processes: NIOLockedValueBox<[SocketProcess?]>
    /// Set when the run is to end: nothing is started any more.
    private let isEnding = NIOLockedValueBox(false)
    /// Those that are to start once the others listen; asked for, never iterated over.
    private let waiting = NIOLockedValueBox<Set<ProcessID>>([])

    /// How often the kernel is asked for the states of the sockets.
    private static let pollInterval = TimeAmount.milliseconds(20)
    /// How often it is looked whether those that are to listen do, and for how long at the beginning: one may never come to it.
    private static let lookInterval = TimeAmount.milliseconds(5)
    private static let longestWait = TimeAmount.seconds(1)

    /// Makes a run that has not begun.
    ///
    /// - Parameters:
    ///   - log: takes what is arranged before the first event, as its event 0; `state` is the state then.
    init(lab: LabDefinition, seed: UInt64, arranged log: inout RecordLog, _ state: inout WorldState) {
        self.lab = lab
        groups = PeerGroups(lab)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
        let available = lab.faults.filter { Self.obstacle(to: $0.action) == nil }
        world = LiveWorld(
            lab, seed: seed, on: loop, schedule: available, outside: Self.ofConnections, arranged: &log, &state)
        recorder = LiveRecorder(lab: lab, world: world)
        run = SocketRun(
            on: EventLoopExecutor(loop), seed: seed, directory: HostDirectory(hosts: lab.topology.hosts.map(\.name)),
            options: SocketOptions(), observer: recorder)
        processes = NIOLockedValueBox(lab.peers.map { _ in nil })
    }

    /// Starts the peers and the schedule of faults.
    func begin() {
        loop.execute { [self] in
            peerlab_use_trap_stack()
            world.begin(
                LiveWorld.Follower(
                    follow: { [weak self] in self?.follow($0) },
                    obstacle: { [weak self] in self?.obstacle(toConnectionsOf: $0) },
                    carryOut: { [weak self] in self?.carryOut($0) }))
        }
        loop.scheduleRepeatedTask(initialDelay: Self.pollInterval, delay: Self.pollInterval) {
            [weak self, run, recorder] _ in
            self?.lookForEnds()
            for connection in recorder.connections {
                for side in Side.allCases {
                    if let state = run.kernelState(of: connection, side: SocketSide(side)) {
                        recorder.kernelSays(state, of: connection, side)
                    }
                }
            }
        }
    }

    /// Does for real what the world has decided.
    private func follow(_ change: Change) {
        guard case .process(let id, let state) = change else { return }
        let process = processes.withLockedValue { $0[Int(id.index)] }
        switch state {
        case .running:
            if let process, !process.isDead { process.resume() } else { begin(id) }
        case .paused: process?.pause()
        case .killed, .exited, .off:
            waiting.withLockedValue { _ = $0.remove(id) }
            process?.kill()
        case .defined: break
        }
    }

    /// Starts a process: at the beginning those that connect wait for the others to listen, for in the simulation a SYN takes its
    /// time, and here a refusal would greet them.
    private func begin(_ id: ProcessID) {
        let expected = lab.peers.count { $0.listen != nil }
        guard lab.peers[Int(id.index)].listen == nil, recorder.listeners < expected,
            world.elapsed < Self.longestWait.nanoseconds
        else { return start(id) }
        waiting.withLockedValue { _ = $0.insert(id) }
        loop.scheduleTask(in: Self.lookInterval) { [self] in
            // It may have been ended meanwhile.
            if waiting.withLockedValue({ $0.remove(id) }) != nil { begin(id) }
        }
    }

    /// Why nothing can be done to the connections that an action means; nil where something can.
    private func obstacle(toConnectionsOf action: Action) -> String? {
        if case .connection(let id)? = action.operands["of"] {
            return recorder.connections.contains(id) ? nil : "there is no open \(id)"
        }
        guard case .peer(let id)? = action.operands["of"] else { return "nothing is named to do it to" }
        let process = processes.withLockedValue { $0[Int(id.index)] }
        let hasSome = process.map { !$0.isDead && $0.openSockets > 0 } ?? false
        return hasSome ? nil : "\(lab.peers[Int(id.index)].name) has no connection"
    }

    /// Does something to connections.
    private func carryOut(_ action: Action) {
        let isReset = action.family == .reset
        if case .connection(let id)? = action.operands["of"] {
            let side: Side = if case .side(let side)? = action.operands["side"] { side } else { .client }
            if isReset { run.breakOff(id) } else { run.halfClose(id, SocketSide(side)) }
        } else if case .peer(let id)? = action.operands["of"] {
            let process = processes.withLockedValue { $0[Int(id.index)] }
            if isReset { process?.breakConnectionsOff() } else { process?.halfCloseConnections() }
        }
    }

    /// A process of which no task is left has ended by itself.
    private func lookForEnds() {
        for (index, process) in processes.withLockedValue({ $0 }).enumerated() {
            guard let process, !process.isDead, process.liveTasks == 0 else { continue }
            world.ended(ProcessID(index))
        }
    }

    /// What is done to processes: to the rest of a lab's network it needs a wire.
    private static let ofProcesses: Set<FaultFamily> = [.processExit, .processKill, .pause, .resume, .restart]
    /// What is done to connections, which only their sockets know.
    private static let ofConnections: Set<FaultFamily> = [.reset, .halfClose]
    /// What would be done to calls, and is not there yet.
    private static let ofCalls: Set<FaultFamily> = [
        .shortRead, .shortWrite, .slowReader, .close, .nameError, .refuse, .backlogFull, .exhaust, .clockSkew,
        .slowTimers,
    ]

    /// Why real sockets cannot have an action done to them; nil where they can.
    static func obstacle(to action: Action) -> String? {
        if ofProcesses.contains(action.family) || ofConnections.contains(action.family) { return nil }
        return "'\(action.family)' is unavailable on loopback: it needs "
            + (ofCalls.contains(action.family) ? "a hand in each call of a process" : "a wire between the hosts")
    }

    /// The faults of a lab that real sockets cannot have, by name, each once.
    static func unavailable(in lab: LabDefinition) -> [String] {
        var names: [String] = []
        func note(_ name: String) { if !names.contains(name) { names.append(name) } }
        for action in lab.standing { note(action.family.rawValue) }
        for fault in lab.faults where obstacle(to: fault.action) != nil { note(fault.action.family.rawValue) }
        for link in lab.topology.links {
            for properties in [link.forward, link.backward] {
                for kind in LinkShape.Kind.allCases
                where kind != .latency && properties.shape(kind) != LinkProperties().shape(kind) {
                    note(kind.family.rawValue)
                }
            }
        }
        if lab.topology.hosts.contains(where: { $0.limits != HostLimits() }) { note(FaultFamily.exhaust.rawValue) }
        if lab.chaos != nil { note("chaos") }
        if lab.buggify != nil { note("buggify") }
        return names
    }

    /// From when on something of a lab is missing on real sockets, in nanoseconds: what was to be there from the beginning, or
    /// what was to be done at a time, or at any.
    static func reach(of lab: LabDefinition) -> Int64 {
        guard !unavailable(in: lab).isEmpty else { return .max }
        var scheduled = lab
        scheduled.faults = []
        guard unavailable(in: scheduled).isEmpty else { return 0 }
        return lab.faults.filter { obstacle(to: $0.action) != nil }.map { fault in
            if case .at(let time) = fault.trigger { time } else { 0 }
        }
        .min() ?? .max
    }

    /// Carries an action out, by hand.
    ///
    /// - Returns: why it cannot be; nil when it was.
    func perform(_ action: Action) -> String? { Self.obstacle(to: action) ?? world.perform(action) }

    private func start(_ id: ProcessID) {
        guard !isEnding.withLockedValue({ $0 }) else { return }
        let peer = lab.peers[Int(id.index)]
        let process = run.makeProcess(on: lab.topology.hosts[Int(peer.host.index)].name)
        processes.withLockedValue { $0[Int(id.index)] = process }
        let providers = process.providers(observer: recorder.observer(of: id, in: process))
        let program = peer.program(in: lab, among: groups)
        providers.tasks.start("main") { [weak self, loop] in
            await program(providers)
            loop.execute { [weak self] in self?.lookForEnds() }
        }
    }

    /// Ends all processes and the event loop; returns when nothing is left, or after a second in which the loop did nothing else.
    func end() {
        isEnding.withLockedValue { $0 = true }
        // A workload that never waits has the loop to itself: both end with the process.
        let answer = ConditionLock(value: false)
        loop.execute {
            answer.lock()
            answer.unlock(withValue: true)
        }
        guard answer.lock(whenValue: true, timeoutSeconds: 1) else { return }
        answer.unlock()
        let done = ConditionLock(value: false)
        let (run, group, world) = (run, group, world)
        // The session's thread waits here: the run's own threads end what is to end.
        run.shutdown {
            world.end()
            group.shutdownGracefully { _ in
                done.lock()
                done.unlock(withValue: true)
            }
        }
        done.lock(whenValue: true)
        done.unlock()
    }
}
