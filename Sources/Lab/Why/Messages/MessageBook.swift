import PeerNetworking
package import SimNetwork

/// The lives of messages, and what their peers did meanwhile: a fold over the records of a run, in one pass.
package struct MessageBook {
    /// The lives, in the order in which the messages were queued.
    package private(set) var lives: [MessageLife] = []
    /// What a peer waits with its queue for, from times on.
    private(set) var waits: [[(time: Int64, part: Lateness.Kind)]] = []
    /// When each process was paused, from and to.
    private(set) var pauses: [[Range<Int64>]] = []
    /// The process of each peer.
    private(set) var processes: [ProcessID] = []

    private let wanted: (MessageID) -> Bool
    private var places: [MessageID: Int] = [:]
    private var peerLives: [Int32] = []
    /// The connection that each peer was attached to last.
    private var attached: [ConnectionID?] = []
    private var ends: [ConnectionID: Ends] = [:]
    private var openers: [ConnectionID: ProcessID] = [:]
    /// Messages of each sender that wait to be confirmed.
    private var open: [Sender: [UInt64]] = [:]

    /// Who uses a connection.
    private struct Ends {
        /// Peers that were attached to it.
        var attached: [PeerNumber] = []
        /// The peer of which it is a session.
        var server: PeerNumber?
    }

    private struct Sender: Hashable {
        var peer: PeerNumber
        var session: ConnectionID?
    }

    /// Reads the lives of messages off the records up to an event.
    ///
    /// - Parameters:
    ///   - event: the last that is read.
    ///   - wanted: which messages are.
    package init(_ records: RecordLog, upTo event: Int, where wanted: @escaping (MessageID) -> Bool = { _ in true }) {
        self.wanted = wanted
        for number in stride(from: max(1, records.first), through: event, by: 1) { take(records[event: number]) }
    }

    private mutating func take(_ record: EventRecord) {
        let now = MessageLife.Station(event: record.number, time: record.time)
        for change in record.changes {
            if case .peer(let peer, let event, let session) = change {
                take(event, of: peer, in: session?.connection, now)
            } else if case .peerRegistered(let peer, let process, _) = change {
                register(peer, process, now)
            } else if case .process(let process, let state) = change {
                pause(process, state, now.time)
            } else if case .opened(let connection, _, _, _, _, let opener) = change, let opener {
                openers[connection] = opener.process
                // Its wait is over: it connects.
                for peer in processes.indices
                where processes[peer] == opener.process && waits[peer].last?.part == .backoff {
                    waits[peer].append((now.time, .connecting))
                }
            }
        }
    }

    private mutating func register(_ peer: PeerNumber, _ process: ProcessID, _ now: MessageLife.Station) {
        while peerLives.count <= Int(peer.index) {
            peerLives.append(0)
            attached.append(nil)
            waits.append([])
            processes.append(process)
        }
        peerLives[Int(peer.index)] += 1
        processes[Int(peer.index)] = process
        waits[Int(peer.index)].append((now.time, .peerQueue))
        open[Sender(peer: peer)] = nil
    }

    private mutating func pause(_ process: ProcessID, _ state: ProcessState, _ time: Int64) {
        while pauses.count <= Int(process.index) { pauses.append([]) }
        let index = Int(process.index)
        if state == .paused {
            pauses[index].append(time..<Int64.max)
        } else if let last = pauses[index].last, last.upperBound == .max {
            pauses[index][pauses[index].count - 1] = last.lowerBound..<time
        }
    }

    private mutating func take(
        _ event: PeerEvent, of peer: PeerNumber, in session: ConnectionID?, _ now: MessageLife.Station
    ) {
        if let session { ends[session, default: Ends()].server = peer }
        switch event {
        case .attached(let connection):
            attached[Int(peer.index)] = connection
            attach(peer, to: connection)
        case .state(let state, _): wait(peer, state.wait, now.time)
        case .backoff: wait(peer, .backoff, now.time)
        case .circuit(.open): wait(peer, .circuit, now.time)
        case .circuit: wait(peer, .connecting, now.time)
        case .queued(let message, let bytes, let delivery, _):
            guard let id = id(message, peer, session) else { return }
            places[id] = lives.count
            lives.append(MessageLife(id: id, bytes: bytes, delivery: delivery, queued: now))
            let sender = Sender(peer: peer, session: session)
            // Taken out, so that the list is added to in place.
            var waiting = open.removeValue(forKey: sender) ?? []
            waiting.append(message)
            open[sender] = waiting
        case .sent(let message, let through, _):
            let connection = session ?? attached[Int(peer.index)]
            change(message, peer, session) { life in
                let length = Int64(life.bytes) + Int64(Frame.messageOverhead)
                life.sendings.append(
                    MessageLife.Sending(at: now, connection: connection, bytes: through - length..<through))
            }
        case .requeued(let message, _): change(message, peer, session) { $0.requeued.append(now) }
        case .dropped(let message, let reason, _): drop(message, reason, peer, session, now)
        case .acknowledged(let message, _): confirm(upTo: message, peer, session, now)
        case .delivered(let message, _, _): arrive(message, at: peer, session, .delivered, now)
        case .suppressed(let message, _): arrive(message, at: peer, session, .suppressed, now)
        case .discarded(let message, _, let reason): arrive(message, at: peer, session, .discarded(reason), now)
        case .blocked, .pressure, .roundTrip, .heartbeatMissed, .refused, .degraded, .asked, .answered, .job, .progress,
            .finished:
            break
        }
    }

    private mutating func attach(_ peer: PeerNumber, to connection: ConnectionID) {
        ends[connection, default: Ends()].attached.append(peer)
    }

    private mutating func wait(_ peer: PeerNumber, _ part: Lateness.Kind, _ time: Int64) {
        if waits[Int(peer.index)].last?.part != part { waits[Int(peer.index)].append((time, part)) }
    }

    // MARK: Whose message

    private func id(_ message: UInt64, _ peer: PeerNumber, _ session: ConnectionID?) -> MessageID? {
        let id = MessageID(sender: peer, session: session, life: peerLives[Int(peer.index)], number: message)
        return wanted(id) ? id : nil
    }

    /// The side of a connection from which a message was sent.
    func side(of id: MessageID, on connection: ConnectionID) -> Side {
        id.session == nil && openers[connection] == processes[Int(id.sender.index)] ? .client : .server
    }

    private mutating func change(
        _ message: UInt64, _ peer: PeerNumber, _ session: ConnectionID?, _ change: (inout MessageLife) -> Void
    ) {
        guard let id = id(message, peer, session), let place = places[id] else { return }
        change(&lives[place])
    }

    /// A message is given up: one that never came into a queue, too.
    private mutating func drop(
        _ message: UInt64, _ reason: DropReason, _ peer: PeerNumber, _ session: ConnectionID?,
        _ now: MessageLife.Station
    ) {
        guard let id = id(message, peer, session) else { return }
        if places[id] == nil {
            places[id] = lives.count
            lives.append(MessageLife(id: id, bytes: 0, delivery: .unreliable, queued: now))
            lives[lives.count - 1].isTurnedAway = true
        }
        change(message, peer, session) { $0.dropped = (now, reason) }
    }

    private mutating func confirm(
        upTo message: UInt64, _ peer: PeerNumber, _ session: ConnectionID?, _ now: MessageLife.Station
    ) {
        let sender = Sender(peer: peer, session: session)
        guard let waiting = open[sender] else { return }
        let confirmed = waiting.prefix { $0 <= message }
        open[sender] = Array(waiting.dropFirst(confirmed.count))
        for number in confirmed {
            change(number, peer, session) { if $0.delivery != .unreliable { $0.confirmed = now } }
        }
    }

    /// A message came to a peer: whose it is, is told by the connection.
    private mutating func arrive(
        _ message: UInt64, at peer: PeerNumber, _ session: ConnectionID?, _ outcome: MessageLife.Arrival.Outcome,
        _ now: MessageLife.Station
    ) {
        guard let connection = session ?? attached[Int(peer.index)], let ends = ends[connection] else { return }
        let arrival = MessageLife.Arrival(at: now, peer: peer, connection: connection, outcome: outcome)
        if let other = ends.attached.last(where: { $0 != peer }) {
            change(message, other, nil) { $0.arrivals.append(arrival) }
        } else if session == nil, let server = ends.server {
            change(message, server, connection) { $0.arrivals.append(arrival) }
        }
    }
}

extension PeerState {
    /// What messages in the queue of a peer wait for while it is so.
    fileprivate var wait: Lateness.Kind {
        switch self {
        case .connecting, .reconnecting: .connecting
        case .idle, .connected, .closing, .closed, .failed, .listening: .peerQueue
        }
    }
}
