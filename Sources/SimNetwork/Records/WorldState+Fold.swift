import PeerNetworking
import TCP

extension WorldState {
    // MARK: What is pending

    /// What was pending at a place is this event, and pending no more. A segment is taken off the wire by what becomes of
    /// it.
    mutating func takeUp(_ place: UInt64, kind: EventKind, connection: ConnectionID?) {
        switch kind {
        case .timer, .fault: agenda.remove(place)
        case .retransmission, .acknowledgement, .expiry:
            guard let connection, let index = position(of: connection) else { return }
            if connections[index].client.timer?.place == place { connections[index].client.timer = nil }
            if connections[index].server.timer?.place == place { connections[index].server.timer = nil }
        case .start, .arrival, .intervention, .observed: break
        }
    }

    private mutating func takePlace() -> UInt64 {
        places += 1
        return places
    }

    /// Puts a segment on the wire.
    private mutating func put(_ segment: SegmentSummary) {
        var segment = segment
        segment.place = takePlace()
        segment.cause = event
        segments.append(segment)
        totals.segmentsSent += 1
    }

    private mutating func add(_ what: Agenda.What, due: Int64) {
        agenda.add(Agenda.Entry(place: takePlace(), due: due, cause: event, what: what))
    }

    mutating func apply(_ change: Change) {
        switch change {
        case .name(let kind, let number, let text):
            names.add(text, kind, number)
        case .action, .unasked:
            break
        case .timerSet(let process, let task, let due):
            add(.task(process, task), due: due)
        case .scheduled(let action, let due):
            add(.action(action), due: due)
        case .episode(let family, let due):
            add(.episode(family), due: due)
        case .taken(let place):
            agenda.remove(place)
        case .power(let host, let on):
            hosts[Int(host.index)].isOn = on
        case .process(let process, let state):
            update(process) { $0.state = state }
            switch state {
            case .killed, .off: endPeers(of: process)
            case .exited: endPeers(of: process, isByItself: true)
            case .defined, .running, .paused: break
            }
        case .readRate(let process, let rate):
            update(process) { $0.readRate = rate }
        case .cut(let link, .forward, let isCut):
            links[Int(link.index)].forwardCut = isCut
        case .cut(let link, .backward, let isCut):
            links[Int(link.index)].backwardCut = isCut
        case .listening(let host, let port, let isOpen):
            setListening(host, port, isOpen)
        case .backlog(let host, let port, let waiting):
            let index = place(ofListener: host, port)
            if isListening(at: index, host, port) { listeners[index].waiting = waiting }
        case .opened(let id, let from, let fromPort, let to, let toPort, let opener):
            totals.attempted += 1
            // Real ones may be seen in another order than that in which they were asked for.
            let place = (connections.lastIndex { $0.id < id } ?? -1) + 1
            connections.insert(
                ConnectionState(
                    id: id, client: ConnectionState.End(host: from, port: fromPort),
                    server: ConnectionState.End(host: to, port: toPort), openedAt: time, opener: opener), at: place)
        case .tcp(let id, let side, let state):
            changeEnd(id, side) {
                // Another socket at this end begins anew.
                if $0.state == nil, state != nil { ($0.levels, $0.failure) = (EndLevels(), nil) }
                $0.state = state
                if state != nil { $0.hadSocket = true } else { ($0.timer, $0.laterTimers) = (nil, TCPTimers()) }
            }
            // Who writes all and closes in the event of the SYN-ACK is past it at once.
            if side == .client, state?.isSynchronised == true, let index = position(of: id),
                !connections[index].wasEstablished
            {
                totals.established += 1
                connections[index].wasEstablished = true
            }
        case .end(let id, let side, let change):
            apply(change, to: id, side)
        case .failed(let id, let side, let code):
            changeEnd(id, side) { $0.failure = code }
            switch code {
            case .connectionRefused: totals.refused += 1
            case .connectionReset, .brokenPipe: totals.reset += 1
            case .timedOut: totals.timedOut += 1
            case .connectionAborted, .hostUnreachable, .networkUnreachable, .addressInUse, .addressNotAvailable,
                .tooManyOpenFiles, .noBufferSpace, .permissionDenied, .nameNotFound, .invalidAddress, .closed,
                .cancelled,
                .queueFull, .protocolViolation, .retriesExhausted, .incompatible, .refusedByPeer, .messageTooLarge,
                .circuitOpen, .other:
                break
            }
        case .forgotten(let id):
            guard let index = position(of: id) else { break }
            let connection = connections.remove(at: index)
            if connection.wasEstablished { totals.closed += 1 }
            forget(connection.session)
            unreliable.ended(id)
        case .sent(let segment):
            put(segment)
        case .arrived(let number):
            segments.remove(number)
            totals.segmentsArrived += 1
        case .lost(let number, let reason):
            segments.remove(number)
            if let family = reason.family { countFault(family) { $0.effects += 1 } }
            totals.segmentsLost += 1
        case .delayed(let number, let until):
            let place = takePlace()
            segments.change(number) { segment in
                segment.arrives = until
                segment.place = place
            }
        case .peerRegistered(let peer, let process, let capacity):
            if Int(peer.index) == peers.count {
                peers.append(PeerView(process: process, capacity: capacity))
            } else {
                // The process was restarted: its first connection is no reconnect.
                peers[Int(peer.index)].capacity = capacity
                peers[Int(peer.index)].connects = 0
                // Its messages and its circuit went with the process.
                forgetSessions(of: peer)
                unreliable.forget(peer)
                peers[Int(peer.index)].forgetLife()
            }
        case .peer(let peer, let event, let session):
            follow(event, of: peer, in: session?.connection)
            apply(event, to: Int(peer.index))
            if let session { apply(event, of: peer, in: session) }
        case .forwarded(let number, let link, let direction, let arrives):
            let place = takePlace()
            let cause = event
            segments.change(number) { segment in
                segment.link = link
                segment.direction = direction
                segment.arrives = arrives
                segment.place = place
                segment.cause = cause
            }
        case .duplicated(let segment, _):
            put(segment)
            countFault(.duplicate) { $0.effects += 1 }
        case .corrupted:
            countFault(.corrupt) { $0.effects += 1 }
        case .marked(let number):
            segments.change(number) { $0.codepoint = .congestion }
            countFault(.queue) { $0.effects += 1 }
        case .held(let number):
            segments.change(number) { $0.arrives = .max }
            countFault(.clog) { $0.effects += 1 }
        case .queue(let link, let direction, let bytes, let until):
            let queue = LinkState.Queue(direction: direction, bytes: bytes, since: time, until: until)
            if let place = links[Int(link.index)].queues.firstIndex(where: { $0.direction == direction }) {
                links[Int(link.index)].queues[place] = queue
            } else {
                links[Int(link.index)].queues.insert(
                    queue, at: direction == .forward ? 0 : links[Int(link.index)].queues.count)
            }
        case .shaped(let link, let direction, let shape):
            links[Int(link.index)].shape(direction, shape)
        case .clogged(let link, .forward, let isClogged):
            links[Int(link.index)].forwardClogged = isClogged
        case .clogged(let link, .backward, let isClogged):
            links[Int(link.index)].backwardClogged = isClogged
        case .hostClogged(let host, .inbound, let isClogged):
            hosts[Int(host.index)].inboundClogged = isClogged
        case .hostClogged(let host, .outbound, let isClogged):
            hosts[Int(host.index)].outboundClogged = isClogged
        case .partition(let partition, true):
            partitions.append(partition)
        case .partition(let partition, false):
            if let index = partitions.firstIndex(of: partition) { partitions.remove(at: index) }
        case .standing(let action):
            standing.apply(action)
        case .struck(let family, _):
            countFault(family) { $0.effects += 1 }
        case .draw(let draw):
            count(draw)
        case .fault(let family, .set):
            countFault(family) { $0.set += 1 }
        case .fault(let family, .struck):
            countFault(family) { $0.fired += 1 }
        case .fault(let family, .healed):
            countFault(family) { $0.healed += 1 }
        }
    }

    private mutating func apply(_ change: EndChange, to id: ConnectionID, _ side: Side) {
        var timer: ConnectionState.RunningTimer?
        if let running = change.timer {
            timer = ConnectionState.RunningTimer(timer: running, place: takePlace(), cause: event)
        }
        guard let index = position(of: id) else { return }
        // An end whose levels move has a socket: who believes in the connection is as it was.
        let repeated = connections[index].end(side).levels.retransmissions
        connections[index].change(side) { end in
            end.levels = end.levels.applying(change)
            if change.fields.contains(.timer) { end.timer = timer }
            if change.fields.contains(.laterTimers) { end.laterTimers = change.laterTimers }
        }
        if change.fields.contains(.level(.retransmissions)) {
            totals.retransmitted += Int64(change.levels.retransmissions - repeated)
        }
    }

    private mutating func update(_ process: ProcessID, _ change: (inout ProcessView) -> Void) {
        while processes.count <= Int(process.index) { processes.append(ProcessView()) }
        change(&processes[Int(process.index)])
    }

    /// Peers of a process that was ended from outside say nothing more themselves.
    /// - Parameter isByItself: those that have come to their end by then are as they were.
    private mutating func endPeers(of process: ProcessID, isByItself: Bool = false) {
        for index in peers.indices where peers[index].process == process {
            if isByItself, [.closed, .failed].contains(peers[index].state) { continue }
            if peers[index].isOfSessions { forgetSessions(of: PeerNumber(Int32(index))) }
            peers[index].end(at: time)
        }
    }

    private mutating func setListening(_ host: HostID, _ port: UInt16, _ isOpen: Bool) {
        let index = place(ofListener: host, port)
        let exists = isListening(at: index, host, port)
        if isOpen, !exists {
            listeners.insert(ListenerState(host: host, port: port), at: index)
        } else if !isOpen, exists {
            listeners.remove(at: index)
        }
    }

    /// Where a listener is, or would be.
    private func place(ofListener host: HostID, _ port: UInt16) -> Int {
        var low = 0
        var high = listeners.count
        while low < high {
            let middle = (low + high) / 2
            let listener = listeners[middle]
            if (listener.host, listener.port) < (host, port) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func isListening(at index: Int, _ host: HostID, _ port: UInt16) -> Bool {
        index < listeners.count && listeners[index].host == host && listeners[index].port == port
    }

    private mutating func changeEnd(
        _ id: ConnectionID, _ side: Side, _ change: (inout ConnectionState.End) -> Void
    ) {
        guard let index = position(of: id) else { return }
        connections[index].change(side, change)
        let halfOpen = connections[index].isHalfOpen
        if halfOpen, connections[index].disagreeSince == nil {
            connections[index].disagreeSince = time
        } else if !halfOpen, let since = connections[index].disagreeSince {
            connections[index].disagreeSince = nil
            connections[index].disagreed = since..<time
        }
    }

    private mutating func count(_ draw: DrawRecord) {
        let index = sites.firstIndex { $0.site == draw.site } ?? sites.count
        if index == sites.count { sites.append(SiteState(site: draw.site, isArmed: false)) }
        if draw.threshold != .never || draw.isForced { sites[index].isArmed = true }
        sites[index].draws += 1
        if draw.fires { sites[index].fired += 1 }
        // The chain's own steps are no strikes: the losses that follow from them are.
        guard case .fault(let site) = draw.site, site != .linkBurst else { return }
        countFault(site.family) {
            $0.drawn += 1
            if draw.fires { $0.fired += 1 }
        }
    }

    private mutating func countFault(_ family: FaultFamily, _ change: (inout FaultState) -> Void) {
        let index = faults.firstIndex { $0.family == family } ?? faults.count
        if index == faults.count { faults.append(FaultState(family: family)) }
        change(&faults[index])
    }

    private mutating func apply(_ event: PeerEvent, to index: Int) {
        // The sessions of a server number their messages each for itself.
        if !peers[index].isOfSessions { peers[index].ledger.apply(event) }
        switch event {
        case .state(let state, let reason):
            peers[index].state = state
            peers[index].stateSince = time
            peers[index].reason = reason
            if state == .connected {
                peers[index].connects += 1
                if peers[index].connects > 1 { peers[index].reconnects += 1 }
            } else if state == .listening {
                peers[index].isOfSessions = true
            } else if state != .closing {
                peers[index].connection = nil
            }
        case .attached(let connection):
            peers[index].connection = connection
            peers[index].latestConnection = connection
            if let opener = self.connection(connection)?.opener {
                peers[index].hasOpened = opener.process == peers[index].process
            }
        case .backoff:
            break
        case .queued(_, _, _, let depth):
            peers[index].admitted += 1
            peers[index].depth = depth
            if depth > peers[index].highWater { peers[index].highWater = depth }
        case .sent(_, _, let depth):
            peers[index].sent += 1
            peers[index].depth = depth
        case .requeued(_, let depth):
            peers[index].requeued += 1
            peers[index].depth = depth
            if depth > peers[index].highWater { peers[index].highWater = depth }
        case .dropped(_, _, let depth):
            peers[index].dropped += 1
            peers[index].depth = depth
        case .acknowledged(_, let depth):
            peers[index].depth = depth
        case .delivered(let message, let origin, _):
            peers[index].delivered += 1
            if peers[index].countDelivery(message, of: origin) { totals.deliveredTwice += 1 }
        case .blocked(let isBlocked):
            // Those of a server wait each for itself.
            if !peers[index].isOfSessions { peers[index].setBlocked(isBlocked, at: time) }
        case .pressure(let isPressed):
            peers[index].isPressed = isPressed
        case .roundTrip(let nanoseconds):
            peers[index].roundTrip = nanoseconds
        case .heartbeatMissed:
            peers[index].heartbeatsMissed += 1
        case .discarded:
            peers[index].dropped += 1
        case .suppressed:
            peers[index].suppressed += 1
        case .circuit(let state):
            peers[index].circuit = state
        case .refused:
            peers[index].refused += 1
        case .degraded:
            peers[index].degradations += 1
        case .asked(_, let attempt):
            peers[index].requests.asked += 1
            if attempt > 1 { peers[index].requests.askedAgain += 1 }
        case .answered(_, let outcome, _):
            if outcome == .answered { peers[index].requests.answered += 1 } else { peers[index].requests.failed += 1 }
        case .job:
            break
        case .progress(let done, let total):
            peers[index].progress = PeerView.Progress(done: done, total: total)
        case .finished(let correct):
            peers[index].finished = correct
        }
    }
}
