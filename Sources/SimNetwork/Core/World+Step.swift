import PeerNetworking

extension World {
    /// Takes the earliest event and applies it, as ``current``.
    ///
    /// - Returns: whether there was one up to `limit`.
    @inline(__always)
    func step(until limit: Int64) -> Bool {
        while let entry = queue.earliest, entry.time <= limit, failure == nil {
            _ = queue.pop()
            if entry.time < now {
                violate(.timeOrder, "an event at \(entry.time) ns after one at \(now) ns")
                return false
            }
            switch entry.kind {
            case .segment:
                guard var inFlight = wire.take(entry.index, generation: entry.generation) else { continue }
                now = entry.time
                inFlight.reference._withUnsafeGuaranteedRef { connection in
                    beginEvent(
                        .arrival, cause: inFlight.cause,
                        host: connection.host(after: Int(inFlight.hop), from: inFlight.from).id,
                        connection: connection.id)
                    land(&inFlight, on: connection)
                }
                endEvent()
                return true
            case .timer:
                let id = TimerID(index: entry.index, generation: entry.generation)
                guard let timer = timers.take(id) else { continue }
                if fire(timer.action, cause: timer.cause, at: entry.time) {
                    endEvent()
                    return true
                }
            }
        }
        return false
    }

    /// Passes over entries of which no event comes, until the earliest is a real one.
    ///
    /// A run that stopped at a time has passed over some, one that stopped at an event has not: what is done by hand then
    /// must find the same queue in both, or events of one time would follow in another order.
    func settle() {
        while let entry = queue.earliest {
            switch entry.kind {
            case .segment:
                if wire.peek(entry.index, generation: entry.generation) != nil { return }
            case .timer:
                let id = TimerID(index: entry.index, generation: entry.generation)
                guard let timer = timers.peek(id) else { break }
                switch timer.action {
                case .action, .chaos: return
                case .wake(let slot, let life, _):
                    if slot.isOccupied, !life.isDead { return }
                    timers.remove(id)
                case .socket(let socket):
                    if let deadline = socket.tcp.deadline, deadline <= entry.time { return }
                    timers.remove(id)
                    socket.timer = nil
                    socket.timerDue = .max
                    _ = queue.pop()
                    armTimer(of: socket)
                    continue
                }
            }
            _ = queue.pop()
        }
    }

    /// - Returns: whether an event came of it.
    private func fire(_ action: TimerAction, cause: Int, at time: Int64) -> Bool {
        switch action {
        case .wake(let slot, let life, _):
            // The sleeper may have been woken otherwise in the meantime.
            guard slot.isOccupied, !life.isDead else { return false }
            now = time
            beginEvent(.timer, cause: cause, host: life.process.host.id, process: life.process.id)
            slot.wake()
            return true
        case .action(let scheduled):
            now = time
            beginEvent(.fault, cause: cause)
            strike(scheduled)
            return true
        case .chaos(let episode):
            now = time
            beginEvent(.fault, cause: cause)
            strike(episode)
            return true
        case .socket(let socket):
            return fireSocketTimer(socket, at: time)
        }
    }

    private func fireSocketTimer(_ socket: Socket, at time: Int64) -> Bool {
        socket.timer = nil
        socket.timerDue = .max
        guard let deadline = socket.tcp.deadline else { return false }
        guard deadline <= time else {
            armTimer(of: socket)
            return false
        }
        now = time
        let isExpiry = socket.tcp.state == .timeWait || socket.tcp.state == .finWait2
        beginEvent(
            isExpiry ? .expiry : .retransmission, cause: socket.deadlineSetBy, host: socket.host.id,
            connection: socket.connection.id)
        let outcome = socket.tcp.timerFired(at: now)
        handle(outcome, of: socket)
        return true
    }

    /// Sees to it that a timer is set at the socket's deadline or before; one that comes too early is set anew then.
    /// So a deadline that moves with every segment costs nothing but one early timer now and then.
    @inline(__always)
    func armTimer(of socket: Socket) {
        guard let deadline = socket.tcp.deadline else { return }
        if deadline != socket.recordedDeadline {
            socket.recordedDeadline = deadline
            socket.deadlineSetBy = eventNumber
        }
        if socket.timerDue <= deadline { return }
        if let timer = socket.timer { timers.remove(timer) }
        socket.timer = schedule(.socket(socket), at: deadline)
        socket.timerDue = deadline
    }
}
