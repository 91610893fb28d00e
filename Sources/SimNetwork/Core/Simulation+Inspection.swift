import PeerNetworking
import TCP

extension Simulation {
    /// The process whose job runs now, as `host/process`, and its task where that is one of the process's own; nil between
    /// jobs. For what is said when a run is ended in the middle of an event: it counts on nothing but what it reads.
    package var running: (process: String, task: String?)? {
        guard let job = world.ready.runningJob, let jobs = world.ready.runningJobs?.takeUnretainedValue() else {
            return nil
        }
        let life = world.processes.lazy.compactMap(\.life).first { $0.jobs === jobs }
        return (jobs.name, life?.tasks.first { $0.isOf(job) }?.name)
    }

    /// The pending events, earliest first, from the world's own objects: what the fold over its records must agree with.
    ///
    /// - Parameter limit: how many at most.
    public func upcoming(limit: Int) -> [UpcomingEvent] {
        var found: [(place: UInt64, event: UpcomingEvent)] = []
        for entry in world.queue.entries {
            if let pending = world.upcoming(entry) { found.append(pending) }
        }
        found.sort { ($0.event.time, $0.place) < ($1.event.time, $1.place) }
        return found.prefix(limit).map(\.event)
    }

    /// The segment that was sent last of those on the wire, without notices; nil where none is.
    package var newestSegment: SegmentSummary? {
        world.wire.newest.flatMap { $0.notice == nil && !$0.fate.contains(.copy) ? $0.summary : nil }
    }

    /// The visible structure of the world from its own objects, not from records: what a fold must agree with.
    ///
    /// Peers, totals and counts are the records' own and are left empty.
    public var structure: WorldState {
        var state = WorldState(hosts: world.hosts.count, links: world.links.count)
        state.time = world.eventTime
        state.event = world.eventNumber
        for (index, host) in world.hosts.enumerated() {
            state.hosts[index].isOn = host.isOn
            state.hosts[index].inboundClogged = host.holdsInbound
            state.hosts[index].outboundClogged = host.holdsOutbound
        }
        for (index, link) in world.links.enumerated() {
            state.links[index].forwardCut = link.forward.isCut
            state.links[index].backwardCut = link.backward.isCut
            state.links[index].forwardClogged = link.forward.isClogged
            state.links[index].backwardClogged = link.backward.isClogged
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
                view.waiting = Int32(listener.completed.count)
                return view
            }
            .sorted { ($0.host, $0.port) < ($1.host, $1.port) }
        for number in 0...world.connectionsMade {
            guard let connection = world.connections[number] else { continue }
            state.connections.append(connection.view)
        }
        state.segments = GapList(world.wire.all.map(\.summary))
        state.partitions = world.partitions
        state.standing = world.standing
        state.places = world.queue.places
        return state
    }
}

extension World {
    fileprivate func upcoming(_ entry: ScheduledEvent) -> (place: UInt64, event: UpcomingEvent)? {
        switch entry.kind {
        case .segment:
            guard let inFlight = wire.peek(entry.index, generation: entry.generation) else { return nil }
            return (
                entry.place,
                UpcomingEvent(
                    time: inFlight.arrives, what: .arrival(inFlight.summary), cause: inFlight.cause, place: entry.place)
            )
        case .timer:
            let id = TimerID(index: entry.index, generation: entry.generation)
            guard let timer = timers.peek(id, at: entry.place) else { return nil }
            func event(_ what: UpcomingEvent.What) -> (place: UInt64, event: UpcomingEvent) {
                (entry.place, UpcomingEvent(time: entry.time, what: what, cause: timer.cause, place: entry.place))
            }
            switch timer.action {
            case .wake(_, let process, let task): return event(.timer(process, task: tasks.names[Int(task)]))
            case .action(let strike): return event(.action(strike.action))
            case .chaos(let episode): return event(.fault(episode.family))
            case .socket(let socket):
                // The entry may be one that comes before the timer and looks at it anew.
                guard let timer = socket.timer else { return nil }
                return (
                    socket.timerPlace,
                    UpcomingEvent(
                        time: timer.due, what: .end(socket.connection.id, socket.side, timer.kind),
                        cause: socket.timerSetBy, place: socket.timerPlace)
                )
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
                if let timer = socket.timer {
                    end.timer = ConnectionState.RunningTimer(
                        timer: timer, place: socket.timerPlace, cause: socket.timerSetBy)
                }
                end.laterTimers = socket.tcp.timers.later
            }
            return end
        }
        return ConnectionState(id: id, client: end(.client), server: end(.server), openedAt: 0, opener: nil)
    }
}
