import CTrap
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import PeerNetworking
import SimNetwork
import SocketNetwork

/// A lab's peers on real sockets: one event loop, a process for each peer, the lab's faults as far as they can be had.
final class LoopbackRun: Sendable {
    let recorder: LoopbackRecorder
    private let lab: LabDefinition
    private let groups: PeerGroups
    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let run: SocketRun
    private let processes: NIOLockedValueBox<[SocketProcess?]>
    /// Set when the run is to end: nothing is started any more.
    private let isEnding = NIOLockedValueBox(false)

    /// How often the kernel is asked for the states of the sockets.
    private static let pollInterval = TimeAmount.milliseconds(20)

    init(lab: LabDefinition, seed: UInt64) {
        self.lab = lab
        groups = PeerGroups(lab)
        recorder = LoopbackRecorder(lab: lab)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
        run = SocketRun(
            on: EventLoopExecutor(loop), seed: seed, directory: HostDirectory(hosts: lab.topology.hosts.map(\.name)),
            options: SocketOptions(), observer: recorder)
        processes = NIOLockedValueBox(lab.peers.map { _ in nil })
    }

    /// Starts the peers and the schedule of faults.
    func begin() {
        loop.execute { peerlab_use_trap_stack() }
        recorder.record(.start, lab.peers.indices.map { .process(ProcessID($0), .defined) })
        // Those that listen first: in the simulation a SYN takes its time, and here a refusal would greet the rest.
        for index in lab.peers.indices where lab.peers[index].listen != nil { start(ProcessID(index)) }
        loop.scheduleTask(in: Self.pollInterval) { [self] in
            for index in lab.peers.indices where lab.peers[index].listen == nil { start(ProcessID(index)) }
        }
        for fault in lab.faults where LoopbackRun.isAvailable(fault) {
            if case .at(let first) = fault.trigger { schedule(fault, at: first, strikes: fault.times) }
        }
        loop.scheduleRepeatedTask(initialDelay: Self.pollInterval, delay: Self.pollInterval) { [run, recorder] _ in
            for connection in recorder.connections {
                for side in Side.allCases {
                    if let state = run.kernelState(of: connection, side: SocketSide(side)) {
                        recorder.kernelSays(state, of: connection, side)
                    }
                }
            }
        }
    }

    /// Schedules a strike, which schedules its end and the next.
    ///
    /// - Parameter strikes: how many are left; 0 for without end.
    private func schedule(_ fault: ScheduledAction, at time: Int64, strikes: Int) {
        loop.scheduleTask(in: .nanoseconds(max(0, time - recorder.elapsed))) { [self] in
            _ = perform(fault.action, kind: .fault)
            if let lasts = fault.lasts, let inverse = fault.action.inverse {
                schedule(ScheduledAction(inverse, .at(time + lasts)), at: time + lasts, strikes: 1)
            }
            if let every = fault.every, strikes != 1, time + every <= lab.duration {
                schedule(fault, at: time + every, strikes: strikes == 0 ? 0 : strikes - 1)
            }
        }
    }

    /// What real sockets can have done to them without a relay between the hosts.
    private enum Feasible {
        case kill(ProcessID)
        case restart(ProcessID)

        init?(_ action: Action) {
            guard case .peer(let process)? = action.operands["peer"] else { return nil }
            if action == .kill(process) {
                self = .kill(process)
            } else if action == .restart(process) {
                self = .restart(process)
            } else {
                return nil
            }
        }
    }

    /// Why real sockets cannot have an action done to them; nil where they can.
    static func obstacle(to action: Action) -> String? {
        guard Feasible(action) == nil else { return nil }
        let isOfPeer = if case .peer? = action.operands["peer"] { true } else { false }
        return "'\(action.family)' is unavailable on loopback: "
            + (isOfPeer ? "a process there can only be killed and restarted" : "it needs a relay between the hosts")
    }

    /// Whether real sockets can have this done to them at its time.
    private static func isAvailable(_ fault: ScheduledAction) -> Bool {
        guard case .at = fault.trigger else { return false }
        return Feasible(fault.action) != nil
    }

    /// The faults of a lab that real sockets cannot have, by name, each once.
    static func unavailable(in lab: LabDefinition) -> [String] {
        var names: [String] = []
        func note(_ name: String) { if !names.contains(name) { names.append(name) } }
        for action in lab.standing { note(action.family.rawValue) }
        for fault in lab.faults where !isAvailable(fault) { note(fault.action.family.rawValue) }
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

    /// Carries an action out.
    ///
    /// - Returns: why it cannot be; nil when it was.
    func perform(_ action: Action, kind: EventKind) -> String? {
        switch Feasible(action) {
        case .kill(let id)?:
            guard let process = processes.withLockedValue({ $0[Int(id.index)] }), !process.isDead else {
                return "\(lab.peers[Int(id.index)].name) is not running"
            }
            process.kill()
            recorder.record(kind, process: id, [.fault(action.family, .struck), .process(id, .killed)])
            return nil
        case .restart(let id)?:
            processes.withLockedValue { $0[Int(id.index)] }?.kill()
            recorder.record(kind, process: id, [.fault(action.family, .struck), .process(id, .killed)])
            start(id)
            return nil
        case nil: return Self.obstacle(to: action)
        }
    }

    private func start(_ id: ProcessID) {
        guard !isEnding.withLockedValue({ $0 }) else { return }
        let peer = lab.peers[Int(id.index)]
        let process = run.makeProcess(on: lab.topology.hosts[Int(peer.host.index)].name)
        processes.withLockedValue { $0[Int(id.index)] = process }
        recorder.record(process: id, [.process(id, .running)])
        let providers = process.providers(observer: recorder.observer(of: id))
        let program = peer.program(in: lab, among: groups)
        let recorder = recorder
        providers.tasks.start("main") {
            await program(providers)
            if !process.isDead { recorder.record(process: id, [.process(id, .exited)]) }
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
        let (run, group) = (run, group)
        // The session's thread waits here: the run's own threads end what is to end.
        let promise = loop.makePromise(of: Void.self)
        promise.completeWithTask { await run.shutdown() }
        promise.futureResult.whenComplete { _ in
            group.shutdownGracefully { _ in
                done.lock()
                done.unlock(withValue: true)
            }
        }
        done.lock(whenValue: true)
        done.unlock()
    }
}
