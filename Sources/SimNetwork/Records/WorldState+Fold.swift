import PeerNetworking

extension WorldState {
    /// Applies an event: the fold's one step. Records are applied in order, each once.
    public mutating func apply(_ record: EventRecord) {
        precondition(record.number == event + 1, "event \(record.number) applied after event \(event)")
        event = record.number
        time = record.time
        for change in record.changes { apply(change) }
    }

    mutating func apply(_ change: Change) {
        switch change {
        case .power(let host, let on):
            hosts[Int(host.index)].isOn = on
        case .process(let process, let state):
            while processes.count <= Int(process.index) { processes.append(ProcessView()) }
            processes[Int(process.index)].state = state
            if state == .killed || state == .off { endPeers(of: process) }
        case .readRate(let process, let rate):
            processes[Int(process.index)].readRate = rate
        case .cut(let link, .forward, let isCut):
            links[Int(link.index)].forwardCut = isCut
        case .cut(let link, .backward, let isCut):
            links[Int(link.index)].backwardCut = isCut
        case .listening(let host, let port, let isOpen):
            setListening(host, port, isOpen)
        case .backlog(let host, let port, let waiting):
            if let index = listeners.firstIndex(where: { $0.host == host && $0.port == port }) {
                listeners[index].waiting = waiting
            }
        case .opened(let id, let from, let fromPort, let to, let toPort):
            totals.attempted += 1
            connections.append(
                ConnectionState(
                    id: id, client: ConnectionState.End(host: from, port: fromPort),
                    server: ConnectionState.End(host: to, port: toPort), openedAt: time))
        case .tcp(let id, let side, let state):
            changeEnd(id, side) {
                $0.state = state
                if state != nil { $0.hadSocket = true }
            }
            if side == .client, state == .established { totals.established += 1 }
        case .levels(let id, let side, let levels):
            let before = connection(id)?.end(side).levels.retransmissions ?? levels.retransmissions
            totals.retransmitted += Int64(levels.retransmissions - before)
            changeEnd(id, side) { $0.levels = levels }
        case .failed(let id, let side, let code):
            changeEnd(id, side) { $0.failure = code }
            switch code {
            case .connectionRefused: totals.refused += 1
            case .connectionReset, .brokenPipe: totals.reset += 1
            case .timedOut: totals.timedOut += 1
            default: break
            }
        case .forgotten(let id):
            if let index = position(of: id) { connections.remove(at: index) }
            totals.closed += 1
        case .sent(let segment):
            segments.append(segment)
            totals.segmentsSent += 1
        case .arrived(let number):
            if let index = segmentPosition(number) { segments.remove(at: index) }
            totals.segmentsArrived += 1
        case .lost(let number, let reason):
            if let index = segmentPosition(number) { segments.remove(at: index) }
            if reason == .loss { countFault(.loss, struck: true) }
            totals.segmentsLost += 1
        case .delayed(let number, let until):
            if let index = segmentPosition(number) { segments[index].arrives = until }
        case .peerRegistered(let peer, let process, let capacity):
            if Int(peer.index) == peers.count {
                peers.append(PeerView(process: process, capacity: capacity))
            } else {
                // The process was restarted: its first connection is no reconnect.
                peers[Int(peer.index)].capacity = capacity
                peers[Int(peer.index)].connects = 0
            }
        case .peer(let peer, let event):
            apply(event, to: Int(peer.index))
        case .buggify(let site, let armed, let fired):
            countDraw(site, armed: armed, fired: fired)
        case .fault(let family, let struck):
            countFault(family, struck: struck)
        }
    }

    /// Peers of a process that was ended from outside say nothing more themselves.
    private mutating func endPeers(of process: ProcessID) {
        for index in peers.indices where peers[index].process == process {
            peers[index].state = .closed
            peers[index].stateSince = time
            peers[index].reason = nil
            peers[index].connection = nil
            peers[index].depth = 0
            peers[index].isBlocked = false
        }
    }

    private mutating func setListening(_ host: HostID, _ port: UInt16, _ isOpen: Bool) {
        let index = listeners.firstIndex { ($0.host, $0.port) >= (host, port) } ?? listeners.count
        let exists = index < listeners.count && listeners[index].host == host && listeners[index].port == port
        if isOpen, !exists {
            listeners.insert(ListenerState(host: host, port: port), at: index)
        } else if !isOpen, exists {
            listeners.remove(at: index)
        }
    }

    private mutating func changeEnd(
        _ id: ConnectionID, _ side: Side, _ change: (inout ConnectionState.End) -> Void
    ) {
        guard let index = position(of: id) else { return }
        if side == .client { change(&connections[index].client) } else { change(&connections[index].server) }
        let halfOpen = connections[index].isHalfOpen
        if halfOpen, connections[index].disagreeSince == nil {
            connections[index].disagreeSince = time
        } else if !halfOpen {
            connections[index].disagreeSince = nil
        }
    }

    private mutating func countDraw(_ site: BuggifySite, armed: Bool, fired: Bool) {
        let index = buggify.firstIndex { $0.site == site } ?? buggify.count
        if index == buggify.count { buggify.append(BuggifyState(site: site, isArmed: armed)) }
        buggify[index].draws += 1
        if fired { buggify[index].fired += 1 }
    }

    private mutating func countFault(_ family: FaultFamily, struck: Bool) {
        let index = faults.firstIndex { $0.family == family } ?? faults.count
        if index == faults.count { faults.append(FaultState(family: family)) }
        if struck { faults[index].fired += 1 } else { faults[index].healed += 1 }
    }

    private mutating func apply(_ event: PeerEvent, to index: Int) {
        switch event {
        case .state(let state, let reason):
            peers[index].state = state
            peers[index].stateSince = time
            peers[index].reason = reason
            if state == .connected {
                peers[index].connects += 1
                if peers[index].connects > 1 { peers[index].reconnects += 1 }
            } else if state != .listening, state != .closing {
                peers[index].connection = nil
            }
        case .attached(let connection):
            peers[index].connection = connection
        case .backoff:
            break
        case .queued(_, _, let depth):
            peers[index].admitted += 1
            peers[index].depth = depth
            if depth > peers[index].highWater { peers[index].highWater = depth }
        case .sent(_, let depth):
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
            peers[index].countDelivery(message, of: origin)
        case .blocked(let isBlocked):
            peers[index].isBlocked = isBlocked
        case .roundTrip(let nanoseconds):
            peers[index].roundTrip = nanoseconds
        case .heartbeatMissed:
            peers[index].heartbeatsMissed += 1
        case .progress(let done, let total):
            peers[index].progress = PeerView.Progress(done: done, total: total)
        case .finished(let correct):
            peers[index].finished = correct
        }
    }
}
