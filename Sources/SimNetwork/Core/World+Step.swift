import PeerNetworking
import TCP

extension World {
    /// Takes the earliest event and applies it, as ``current``.
    ///
    /// - Returns: whether there was one up to `limit`.
    @inline(__always)
    func step(until limit: Int64) -> Bool {
        while let entry = queue.earliest, entry.time <= limit, !hasFailed {
            _ = queue.pop()
            foreseeSegment()
            if entry.time < now {
                violate(.timeOrder, "an event at \(entry.time) ns after one at \(now) ns")
                return false
            }
            switch entry.kind {
            case .segment:
                guard let inFlight = wire.take(entry.index, generation: entry.generation) else { continue }
                now = entry.time
                inFlight.pointee.reference._withUnsafeGuaranteedRef { connection in
                    let host = connection.host(after: Int(inFlight.pointee.hop), from: inFlight.pointee.from)
                    beginEvent(
                        .arrival, cause: inFlight.pointee.cause, host: host._withUnsafeGuaranteedRef { $0.id },
                        connection: connection.id, place: entry.place)
                    land(&inFlight.pointee, on: connection)
                }
                wire.clear(entry.index)
                endEvent()
                return true
            case .timer:
                let id = TimerID(index: entry.index, generation: entry.generation)
                guard let timer = timers.take(id, at: entry.place) else { continue }
                if fire(timer.action, cause: timer.cause, entry) {
                    endEvent()
                    return true
                }
            }
        }
        return false
    }

    /// Passes over entries of which no event comes, until the earliest is a real one.
    func settle() {
        while let entry = queue.earliest {
            switch entry.kind {
            case .segment:
                if wire.isThere(entry.index, generation: entry.generation) { return }
            case .timer:
                let id = TimerID(index: entry.index, generation: entry.generation)
                guard let timer = timers.peek(id, at: entry.place) else { break }
                switch timer.action {
                case .action, .chaos, .wake: return
                case .socket(let socket):
                    if isDue(socket, entry) { return }
                    timers.remove(id)
                    _ = queue.pop()
                    watch(socket)
                    continue
                }
            }
            _ = queue.pop()
        }
    }

    /// - Returns: whether an event came of it.
    private func fire(_ action: TimerAction, cause: Int, _ entry: ScheduledEvent) -> Bool {
        switch action {
        case .wake(let slot, let process, _):
            now = entry.time
            beginEvent(
                .timer, cause: cause, host: processes[Int(process.index)].host.id, process: process, place: entry.place)
            slot.wake()
            return true
        case .action(let scheduled):
            now = entry.time
            beginEvent(.fault, cause: cause, place: entry.place)
            strike(scheduled)
            return true
        case .chaos(let episode):
            now = entry.time
            beginEvent(.fault, cause: cause, place: entry.place)
            strike(episode)
            return true
        case .socket(let socket):
            return fireSocketTimer(socket, entry)
        }
    }

    // MARK: Timers of sockets

    private func fireSocketTimer(_ socket: Socket, _ entry: ScheduledEvent) -> Bool {
        guard isDue(socket, entry), let timer = socket.timer else {
            watch(socket)
            return false
        }
        socket.wakeUp = nil
        socket.endTimer()
        now = entry.time
        beginEvent(
            EventKind(timer.kind), cause: socket.timerSetBy, host: socket.host.id,
            connection: socket.connection.id, place: entry.place)
        let outcome = socket.tcp.timerFired(at: now)
        handle(outcome, of: socket)
        return true
    }

    /// Whether an entry of the queue is the socket's timer itself, and none that was set for an earlier one.
    private func isDue(_ socket: Socket, _ entry: ScheduledEvent) -> Bool {
        socket.timerPlace == entry.place && socket.timer != nil
    }

    /// Sees to it that an entry of the queue comes at the socket's timer or before it: one that comes too early is set
    /// anew then, at the timer's own place. So a timer that moves with every segment costs one early entry now and then.
    @inline(__always)
    func watch(_ socket: Socket) {
        guard let timer = socket.timer else {
            socket.wakeUp = nil
            return
        }
        socket.wakeUp = (set(.socket(socket), at: timer.due, place: socket.timerPlace), timer.due)
    }

    /// A socket's timer, when its kernel's clock lets it come.
    @inline(never)
    private func ticked(_ timer: EndTimer, of socket: Socket) -> EndTimer {
        if let set = socket.timer, let asked = socket.recordedTimers.next, asked == (timer.kind, timer.due) {
            return set
        }
        return EndTimer(kind: timer.kind, due: TimerWheel.arrival(of: timer.due, setAt: now, hz: socket.hz))
    }

    /// Takes in what the socket's timers are at the end of an event, and says which were set, moved or taken away.
    @inline(__always)
    func takeUpTimers(of socket: Socket, into change: inout EndChange) {
        let (timers, before) = (socket.tcp.timers, socket.timer)
        if timers.hasLater || socket.recordedTimers.hasLater {
            let later = timers.later
            if later != socket.recordedTimers.later {
                change.fields.insert(.laterTimers)
                change.laterTimers = later
            }
        }
        var timer = timers.next.map { EndTimer(kind: $0.kind, due: $0.due) }
        if socket.hz > 0, let exact = timer { timer = ticked(exact, of: socket) }
        socket.record(timers, due: timer?.due)
        guard timer != before else { return }
        change.fields.insert(.timer)
        change.timer = timer
        guard let timer else { return }
        socket.timerPlace = queue.takePlace()
        socket.timerSetBy = eventNumber
        if let wakeUp = socket.wakeUp {
            // One that comes no later will see what the timer is by then.
            if wakeUp.due <= timer.due { return }
            self.timers.remove(wakeUp.id)
        }
        watch(socket)
    }
}
