import PeerNetworking
import TCP

// What is wrong with a change at the place where it stands; nil where nothing is.
extension RecordCheck {
    func problem(_ change: Change) -> String? {
        switch change {
        case .name(let kind, let number, _):
            return Int(number) == count(of: kind) ? nil : "a \(kind) \(number) named out of turn"
        case .action(let action), .standing(let action): return problem(action)
        case .timerSet(let process, let task, let due):
            if !state.names.tasks.indices.contains(Int(task)) { return "a task without a name" }
            return problem(process) ?? problem(time: due)
        case .scheduled(let action, let due): return problem(action) ?? problem(time: due)
        case .episode(_, let due): return problem(time: due)
        case .taken, .tcp, .failed, .forgotten, .arrived, .lost, .held, .corrupted, .marked, .fault: return nil
        case .power(let host, _), .struck(_, let host), .hostClogged(let host, _, _), .listening(let host, _, _):
            return problem(host)
        case .process(let process, _), .unasked(let process, _, _, _): return problem(process)
        case .readRate(let process, let rate): return problem(process) ?? problem(rate, "a rate")
        case .cut(let link, _, _), .clogged(let link, _, _): return problem(link)
        case .backlog(let host, _, let waiting): return problem(host) ?? problem(Int64(waiting), "a backlog")
        case .opened(let connection, let from, _, let to, _, let opener):
            if state.connection(connection) != nil { return "a connection that is opened twice" }
            if let opener, opener.attempt < 1 { return "an attempt before the first" }
            return problem(from) ?? problem(to) ?? opener.flatMap { problem($0.process) }
        case .end(_, _, let change): return problem(change)
        case .sent(let segment), .duplicated(let segment, _): return problem(segment)
        case .delayed(_, let until): return problem(time: until)
        case .peerRegistered(let peer, let process, let capacity):
            guard (0...state.peers.count).contains(Int(peer.index)), Int(peer.index) < state.names.peers.count else {
                return "a peer out of turn"
            }
            return problem(process) ?? problem(Int64(capacity), "a queue")
        case .peer(let peer, let event, let session):
            guard state.peers.indices.contains(Int(peer.index)) else { return "a peer that is none" }
            return problem(event) ?? session.flatMap { problem(Int64($0.depth), "a queue") }
        case .forwarded(_, let link, _, let arrives):
            return link.flatMap { problem($0) } ?? problem(time: arrives)
        case .queue(let link, _, let bytes, let until):
            return problem(link) ?? problem(bytes, "a queue") ?? problem(time: until)
        case .shaped(let link, let direction, let shape):
            return problem(link) ?? problem(.shape(link, direction, shape))
        case .partition(let partition, _): return problem(partition.first + partition.second)
        case .draw(let draw): return problem(draw.subject)
        }
    }

    private func count(of kind: NameKind) -> Int {
        switch kind {
        case .peer: state.names.peers.count
        case .subject: state.names.subjects.count
        case .task: state.names.tasks.count
        }
    }

    func problem(_ host: HostID) -> String? {
        state.hosts.indices.contains(Int(host.index)) ? nil : "a host that is none"
    }

    private func problem(_ hosts: [HostID]) -> String? { hosts.lazy.compactMap { problem($0) }.first }

    private func problem(_ link: LinkID) -> String? {
        state.links.indices.contains(Int(link.index)) ? nil : "a link that is none"
    }

    func problem(_ process: ProcessID) -> String? {
        (0..<processes).contains(Int(process.index)) ? nil : "a process that is none"
    }

    /// A time, or never.
    private func problem(time: Int64) -> String? {
        time == .max || Self.numbers.contains(time) ? nil : "a time that is none"
    }

    private func problem(_ number: Int64, _ name: String) -> String? {
        Self.numbers.contains(number) ? nil : "\(name) of \(number)"
    }

    // MARK: Actions

    private func problem(_ action: Action) -> String? {
        if let problem = action.problem ?? action.problem(in: topology) {
            return "a \(action.form.name) that cannot be done: \(problem.message)"
        }
        let operands = action.operands
        return action.form.operandNames.lazy.compactMap { operands[$0].flatMap { problem($0) } }.first
    }

    private func problem(_ operand: OperandValue) -> String? {
        switch operand {
        case .link(let link): problem(link)
        case .host(let host): problem(host)
        case .hosts(let hosts): problem(hosts)
        case .groups(let first, let second): problem(first + second)
        case .pair(let from, let to): problem(from) ?? problem(to)
        case .peer(let process): problem(process)
        case .service(let service): problem(service.host)
        case .direction, .bound, .connection, .side, .number, .probability, .latency, .loss, .flag, .word, .text: nil
        }
    }

    // MARK: Ends and segments

    private func problem(_ change: EndChange) -> String? {
        if let level = change.moved.first(where: { change.levels[$0] < 0 }) { return "\(level.label) below 0" }
        let timers = (change.timer.map { [$0.due] } ?? []) + change.laterTimers.running.map(\.due)
        return timers.lazy.compactMap { problem(time: $0) }.first
    }

    private func problem(_ segment: SegmentSummary) -> String? {
        if segment.number <= latestSegment { return "segments out of turn" }
        if segment.length < 0 || segment.window < 0 || segment.ordinal < 0 { return "a segment of less than nothing" }
        let places =
            [segment.sequence, segment.acknowledgement] + segment.blocks.flatMap { [$0.lowerBound, $0.upperBound] }
        if !places.allSatisfy({ Self.numbers.contains(abs($0 == .min ? .max : $0)) }) {
            return "a sequence number that is none"
        }
        return segment.link.flatMap { problem($0) } ?? problem(time: segment.arrives)
    }

    private func problem(_ subject: DrawSubject) -> String? {
        switch subject {
        case .lane(let link, _): problem(link)
        case .segment(let segment): problem(segment.link)
        case .lookup(let host, let other): problem(host) ?? problem(other)
        case .process(let process): problem(process)
        case .named(let name): state.names.subjects.indices.contains(Int(name)) ? nil : "a subject without a name"
        case .network, .connection, .end: nil
        }
    }

    // MARK: Peers

    private func problem(_ event: PeerEvent) -> String? {
        switch event {
        case .queued(_, let bytes, _, let depth): problem(Int64(bytes), "a message") ?? problem(Int64(depth), "a queue")
        case .sent(_, let through, let depth): problem(through, "a stream") ?? problem(Int64(depth), "a queue")
        case .requeued(_, let depth), .dropped(_, _, let depth), .acknowledged(_, let depth):
            problem(Int64(depth), "a queue")
        case .delivered(_, _, let bytes), .refused(let bytes): problem(Int64(bytes), "a message")
        case .backoff(let attempt, let delay): problem(Int64(attempt), "an attempt") ?? problem(delay, "a delay")
        case .asked(_, let attempt): problem(Int64(attempt), "an attempt")
        case .answered(_, _, let nanoseconds), .roundTrip(let nanoseconds):
            Self.roundTrips.contains(nanoseconds) ? nil : "a round trip of \(nanoseconds) ns"
        case .degraded(let score): problem(Int64(score), "a score")
        case .progress(let done, let total):
            max(done, total) > UInt64(Self.numbers.upperBound) ? "progress that is none" : nil
        case .state, .attached, .blocked, .pressure, .heartbeatMissed, .discarded, .suppressed, .circuit, .job,
            .finished:
            nil
        }
    }
}
