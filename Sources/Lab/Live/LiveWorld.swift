import NIOConcurrencyHelpers
import NIOCore
import PeerNetworking
import SimNetwork

/// The world of a run on real sockets, on their event loop: what happens is noted in it, what is due happens, and its records
/// are handed to the session.
///
/// On the loop only, but for what says otherwise.
final class LiveWorld: Sendable {
    private let loop: any EventLoop
    private let start = NIODeadline.now()
    private let world: NIOLoopBoundBox<RealTimeWorld>
    private let alarm: NIOLoopBoundBox<Alarm?>
    private let follower: NIOLoopBoundBox<Follower?>
    private let pending = NIOLockedValueBox<[EventRecord]>([])

    /// Who does for real what the world decides.
    struct Follower: Sendable {
        /// Something has changed.
        let follow: @Sendable (Change) -> Void
        /// Why something cannot be done to what is real alone; nil where it can.
        let obstacle: @Sendable (Action) -> String?
        /// Does it.
        let carryOut: @Sendable (Action) -> Void
    }

    /// When the loop is to look at the world again.
    private struct Alarm {
        let due: Int64
        let task: Scheduled<Void>
    }

    /// Makes the world of a run that has not begun, from any thread.
    ///
    /// - Parameters:
    ///   - schedule: what is done to it by itself.
    ///   - outside: what is done to what is real alone.
    ///   - log: takes what is arranged before the first event, as its event 0; `state` is the state then.
    init(
        _ lab: LabDefinition, seed: UInt64, on loop: any EventLoop, schedule: [ScheduledAction],
        outside: Set<FaultFamily>,
        arranged log: inout RecordLog, _ state: inout WorldState
    ) {
        self.loop = loop
        let world = RealTimeWorld(
            topology: lab.topology, seed: seed, processes: lab.peers.map { ($0.name, $0.host) }, outside: outside)
        for action in schedule { world.schedule(action) }
        world.arrange(in: &log, &state)
        self.world = NIOLoopBoundBox.makeBoxSendingValue(world, eventLoop: loop)
        alarm = NIOLoopBoundBox.makeEmptyBox(eventLoop: loop)
        follower = NIOLoopBoundBox.makeEmptyBox(eventLoop: loop)
    }

    /// Nanoseconds since the run was made, from any thread.
    var elapsed: Int64 { (NIODeadline.now() - start).nanoseconds }

    /// Begins: what the world decides from now on is done by `follower`.
    func begin(_ follower: Follower) {
        self.follower.value = follower
        world.value.obstacle = follower.obstacle
        takeIn(world.value.advance(to: elapsed))
    }

    /// Notes something that has happened.
    func note(
        host: HostID? = nil, connection: ConnectionID? = nil, process: ProcessID? = nil, _ changes: [Change]
    ) {
        takeIn(
            world.value.note(at: elapsed, host: host, connection: connection, process: process, changes))
    }

    /// A process has ended by itself.
    func ended(_ process: ProcessID) { takeIn(world.value.ended(process, at: elapsed)) }

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
        guard !records.isEmpty else { return setAlarm() }
        pending.withLockedValue { $0 += records }
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

    /// Ends it.
    func end() {
        alarm.value?.task.cancel()
        (alarm.value, follower.value) = (nil, nil)
        world.value.shutDown()
    }
}
