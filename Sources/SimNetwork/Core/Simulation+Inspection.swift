public import PeerNetworking

/// An event that is to happen.
public struct UpcomingEvent: Hashable, Sendable {
    /// What will happen.
    public enum What: Hashable, Sendable {
        /// A segment arrives.
        case arrival(SegmentSummary)
        /// A segment is repeated, or a closed window probed, unless an acknowledgement comes before.
        case retransmission(ConnectionID, Side)
        /// A closed connection's time is over.
        case expiry(ConnectionID, Side)
        /// A task's timer is due.
        case timer(ProcessID, task: String)
        /// A scheduled action is carried out.
        case action(Action)
        /// A fault of a family strikes or ends; what exactly is not known yet, or not any more.
        case fault(FaultFamily)
    }

    /// When, in nanoseconds.
    public var time: Int64
    /// What.
    public var what: What
    /// The number of the event that caused it.
    public var cause: Int

    /// Makes an upcoming event.
    public init(time: Int64, what: What, cause: Int) {
        self.time = time
        self.what = what
        self.cause = cause
    }
}

extension Simulation {
    /// The pending events, earliest first.
    ///
    /// - Parameter limit: how many at most.
    public func upcoming(limit: Int) -> [UpcomingEvent] {
        var found: [(order: UInt64, event: UpcomingEvent)] = []
        for entry in world.queue.entries {
            if let event = world.upcoming(entry) { found.append((entry.order, event)) }
        }
        found.sort { ($0.event.time, $0.order) < ($1.event.time, $1.order) }
        return found.prefix(limit).map(\.event)
    }

    /// The visible structure of the world from its own objects, not from records: what a fold must agree with.
    ///
    /// Peers, totals and counts are the records' own and are left empty.
    public var structure: WorldState {
        var state = WorldState(hosts: world.hosts.count, links: world.links.count)
        state.time = world.current.time
        state.event = world.eventNumber
        for (index, host) in world.hosts.enumerated() { state.hosts[index].isOn = host.isOn }
        for (index, link) in world.links.enumerated() {
            state.links[index].forwardCut = link.forward.isCut
            state.links[index].backwardCut = link.backward.isCut
            state.links[index].forwardClogged = !link.forward.clogs.isEmpty
            state.links[index].backwardClogged = !link.backward.clogs.isEmpty
            for direction in LinkDirection.allCases {
                let lane = link[direction]
                for kind in lane.shaped { state.links[index].shape(direction, lane.properties.shape(kind)) }
                if let queue = lane.queue { state.links[index].queues.append(queue) }
            }
        }
        for process in world.processes {
            var view = ProcessView()
            view.state = process.state
            view.readRate = process.io.readRate
            state.processes.append(view)
        }
        let listeners = world.processes.flatMap { $0.life?.listeners ?? [] }
        state.listeners =
            listeners
            .map { listener in
                var view = ListenerState(host: listener.host.id, port: listener.port)
                view.waiting = Int32(listener.completed.count + listener.handshakes)
                return view
            }
            .sorted { ($0.host, $0.port) < ($1.host, $1.port) }
        for number in 0...world.connectionsMade {
            guard let connection = world.connections[number] else { continue }
            state.connections.append(connection.view)
        }
        state.segments = world.wire.all.map(\.summary)
        state.partitions = world.partitions
        state.standing = world.standing
        return state
    }
}

extension World {
    fileprivate func upcoming(_ entry: ScheduledEvent) -> UpcomingEvent? {
        switch entry.kind {
        case .segment:
            guard let inFlight = wire.peek(entry.index, generation: entry.generation) else { return nil }
            return UpcomingEvent(time: inFlight.arrives, what: .arrival(inFlight.summary), cause: inFlight.cause)
        case .timer:
            let id = TimerID(index: entry.index, generation: entry.generation)
            guard let timer = timers.peek(id) else { return nil }
            switch timer.action {
            case .wake(let slot, let life, let purpose):
                guard slot.isOccupied, !life.isDead else { return nil }
                return UpcomingEvent(
                    time: entry.time, what: .timer(life.process.id, task: purpose), cause: timer.cause)
            case .action(let strike):
                return UpcomingEvent(time: entry.time, what: .action(strike.action), cause: timer.cause)
            case .chaos(let episode):
                return UpcomingEvent(time: entry.time, what: .fault(episode.family), cause: timer.cause)
            case .socket(let socket):
                guard let deadline = socket.tcp.deadline else { return nil }
                let isExpiry = socket.tcp.state == .timeWait || socket.tcp.state == .finWait2
                let id = socket.connection.id
                return UpcomingEvent(
                    time: deadline, what: isExpiry ? .expiry(id, socket.side) : .retransmission(id, socket.side),
                    cause: socket.deadlineSetBy)
            }
        }
    }
}

extension Connection {
    fileprivate var view: ConnectionState {
        func end(_ side: Side) -> ConnectionState.End {
            var end = ConnectionState.End(host: host(side).id, port: side == .client ? clientPort : serverPort)
            if let socket = socket(side) {
                end.state = socket.tcp.state
                end.levels = socket.levels
            }
            return end
        }
        return ConnectionState(id: id, client: end(.client), server: end(.server), openedAt: 0)
    }
}
