import CTrap
import Glibc
import LinuxNetwork
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import PeerNetworking
import SimNetwork
import SocketNetwork

/// A lab's peers on real sockets: one event loop, a process for each peer, the lab's faults as far as they can be had, and
/// where the hosts have networks of their own a wire between them.
final class LiveRun: Sendable {
    /// The faults, the schedule and the records.
    let world: LiveWorld
    let recorder: LiveRecorder
    let lab: LabDefinition
    private let groups: PeerGroups
    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    let run: SocketRun
    /// Between the hosts, where they have networks of their own.
    let wire: LinuxWire?
    private let provider: ProviderKind
    /// Those that run inside hosts.
    private let programs: LinuxPrograms?
    let processes: NIOLockedValueBox<[SocketProcess?]>
    /// Set when the run is to end: nothing is started any more.
    private let isEnding = NIOLockedValueBox(false)
    /// Those that are to start once the others listen; asked for, never iterated over.
    private let waiting = NIOLockedValueBox<Set<ProcessID>>([])

    /// How often the kernel is asked for the states of the sockets.
    private static let pollInterval = TimeAmount.milliseconds(20)
    /// How often it is looked whether those that are to listen do, and for how long at the beginning: one may never come to it.
    private static let lookInterval = TimeAmount.milliseconds(5)
    private static let longestWait = TimeAmount.seconds(1)
    /// How long a program that is asked to end has for it.
    private static let patience = TimeAmount.seconds(1)
    /// For how long programs that are to be ready are waited for.
    private static let longestReadiness = TimeAmount.seconds(10)

    /// Makes a run that has not begun.
    ///
    /// - Parameters:
    ///   - log: takes what is arranged before the first event, as its event 0; `state` is the state then.
    ///   - hosts: the networks of the hosts; nil for the loopback interface.
    init(
        lab: LabDefinition, seed: UInt64, hosts: LinuxHosts?, arranged log: inout RecordLog, _ state: inout WorldState
    ) {
        // The configurations that the peers have in this run.
        let lab = lab.turnsKnobs ? lab.withKnobsTurned(seed: seed) : lab
        self.lab = lab
        provider = hosts == nil ? .loopback : .linux
        groups = PeerGroups(lab)
        // The wire has a thread of its own: what peers do does not make it late.
        group = MultiThreadedEventLoopGroup(numberOfThreads: hosts == nil ? 1 : 2)
        loop = group.next()
        let worldLoop = hosts == nil ? loop : group.next()
        world = LiveWorld(
            lab, seed: seed, on: worldLoop, provider, arranged: &log, &state)
        recorder = LiveRecorder(lab: lab, world: world, hasWire: hosts != nil)
        let book = ConnectionBook()
        wire = hosts.map { [world] in
            LinuxWire($0, count: lab.topology.hosts.count, on: worldLoop, book: book, world: world)
        }
        programs = hosts.flatMap { lab.hasPrograms ? LinuxPrograms(lab, in: $0) : nil }
        run = SocketRun(
            on: EventLoopExecutor(loop), seed: seed,
            directory: HostDirectory(hosts: lab.topology.hosts.map(\.name), in: hosts),
            options: SocketOptions(), observer: recorder, book: book)
        processes = NIOLockedValueBox(lab.peers.map { _ in nil })
    }

    /// Starts the peers and the schedule of faults.
    func begin() {
        loop.execute { peerlab_use_trap_stack() }
        world.begin(
            LiveWorld.Follower(
                follow: { [weak self] in self?.take($0) },
                obstacle: { [weak self] in self?.obstacle(toConnectionsOf: $0) },
                carryOut: { [weak self] in self?.carryOut($0) },
                land: { [wire] in wire?.land($0) }),
            beginning: { [wire] in wire?.begin() })
        wire?.watch(loop)
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

    /// Does something where the peers are: now, where that is the world's loop too.
    func onPeersLoop(_ body: @escaping @Sendable (LiveRun) -> Void) {
        if loop.inEventLoop { return body(self) }
        loop.execute { [weak self] in self.map(body) }
    }

    /// Does for real what the world has decided; on the world's loop.
    private func take(_ change: Change) {
        wire?.follow(change)
        if case .process(let id, let state) = change {
            onPeersLoop { $0.follow(id, state) }
        } else if case .standing(let action) = change {
            if action.family == .sysctl { setOptions(action) }
            if LiveFaults.concernsCalls(action) { onPeersLoop { $0.lookAgain() } }
        }
    }

    private func follow(_ id: ProcessID, _ state: ProcessState) {
        if lab.peers[Int(id.index)].program != nil { return followProgram(id, state) }
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
        if let programs, !programs.isReady(before: id) {
            // Those that were to be ready at the beginning; one that is killed later is no reason.
            if world.elapsed < Self.longestReadiness.nanoseconds { return beginLater(id) }
            if !programs.haveBeenReady {
                let waited = "\(Self.longestReadiness.nanoseconds / 1_000_000_000) s"
                world.fails("\(lab.peers[Int(id.index)].name) has waited \(waited) for programs that are not ready")
            }
        }
        guard lab.peers[Int(id.index)].listen == nil, recorder.listeners < expected,
            world.elapsed < Self.longestWait.nanoseconds
        else { return start(id) }
        beginLater(id)
    }

    private func beginLater(_ id: ProcessID) {
        waiting.withLockedValue { _ = $0.insert(id) }
        loop.scheduleTask(in: Self.lookInterval) { [self] in
            // It may have been ended meanwhile.
            if waiting.withLockedValue({ $0.remove(id) }) != nil { begin(id) }
        }
    }

    /// Does to a program what the world has decided of its process.
    private func followProgram(_ id: ProcessID, _ state: ProcessState) {
        if state != .running { waiting.withLockedValue { _ = $0.remove(id) } }
        if programs?.follow(id, state) ?? false { begin(id) }
        guard state == .exited else { return }
        // What takes no notice is over all the same, as the world has it.
        loop.scheduleTask(in: Self.patience) { [programs] in programs?.endExited(id) }
    }

    /// A process of which no task is left has ended by itself.
    private func lookForEnds() {
        for (index, process) in processes.withLockedValue({ $0 }).enumerated() {
            guard let process, !process.isDead, process.liveTasks == 0 else { continue }
            world.ended(ProcessID(index))
        }
        for id in programs?.takeEnded() ?? [] { world.ended(id) }
    }

    /// Starts a program beside those of the lab, with this process's own streams, once theirs are ready.
    func startProgram(_ command: [String], in host: HostID) throws(MachineFailure) -> InsideProgram {
        guard let wire else { throw MachineFailure("there are no hosts that a program could run in") }
        let last = ProcessID(lab.peers.count)
        let listeners = lab.peers.count { $0.listen != nil }
        while world.elapsed < Self.longestReadiness.nanoseconds,
            recorder.listeners < listeners || !(programs?.isReady(before: last) ?? true)
        {
            usleep(2_000)
        }
        return try InsideProgram(
            command, in: wire.hosts[host], names: LinuxPrograms.names(of: lab), streams: .own)
    }

    /// How the programs stand.
    var programStates: [ProgramState] { programs?.states ?? [] }

    /// Carries an action out, by hand.
    ///
    /// - Returns: why it cannot be; nil when it was.
    func perform(_ action: Action) -> String? {
        LiveFaults.obstacle(to: action, on: provider) ?? world.perform(action)
    }

    /// How late the wire was, where there is one.
    var lateness: WireLateness? { wire?.lateness }

    /// Probes of the tail that the hosts' kernels have sent, where there is a wire.
    var tailProbes: Int64? { wire?.hosts.tailProbes }

    /// Packets that the wire has lost itself.
    var drops: Int64 { wire?.hosts.drops ?? 0 }

    private func start(_ id: ProcessID) {
        guard !isEnding.withLockedValue({ $0 }) else { return }
        let peer = lab.peers[Int(id.index)]
        if peer.program != nil {
            do throws(MachineFailure) {
                try programs?.start(id)
            } catch {
                world.fails("\(peer.name): \(error)")
            }
            return
        }
        let host = lab.topology.hosts[Int(peer.host.index)]
        let faults = LiveCallFaults(of: id, on: host.name, in: world, hasWire: wire != nil) { [weak self] in
            self?.openBeside(id) ?? 0
        }
        let process = run.makeProcess(
            on: host.name, number: Int(id.index),
            options: wire.map { SocketOptions($0.hosts.options(of: peer.host)) } ?? run.options, faults: faults)
        processes.withLockedValue { $0[Int(id.index)] = process }
        let buggify = lab.buggify == nil ? .off : Buggify(engine: LiveBuggify(of: id, in: world))
        let providers = process.providers(buggify: buggify, observer: recorder.observer(of: id, in: process))
        let program = peer.program(in: lab, among: groups)
        process.start("main") { [weak self, loop] in
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
        let (run, group, world, wire) = (run, group, world, wire)
        programs?.end()
        // The session's thread waits here: the run's own threads end what is to end.
        run.shutdown {
            world.end { wire?.close() }
            group.shutdownGracefully { _ in
                done.lock()
                done.unlock(withValue: true)
            }
        }
        done.lock(whenValue: true)
        done.unlock()
    }
}
