import PeerNetworking
import TCP

extension RecordReader {
    /// The next change of the record; nil at its end.
    mutating func change() -> Change? {
        guard !isAtEnd else { return nil }
        let tag = byte()
        guard let known = ChangeTag(rawValue: tag) else {
            let told = peerEvent(tag)
            return .peer(told.peer, told.event, in: told.session)
        }
        return change(known)
    }

    private mutating func change(_ tag: ChangeTag) -> Change {
        switch tag {
        case .arrived: return .arrived(natural())
        case .end:
            let end = end()
            return .end(end.connection, end.side, endChange())
        case .sent: return .sent(segment())
        case .tcp:
            let end = end()
            let state = byte()
            return .tcp(end.connection, end.side, state == 0 ? nil : TCPState(rawValue: state - 1))
        case .timerSet: return .timerSet(process(), task: small(), due: time())
        case .taken: return .taken(number())
        case .draw: return .draw(draw())
        case .forwarded:
            let segment = natural()
            let lane = lane()
            return .forwarded(segment, lane.link, lane.direction, arrives: time())
        case .duplicated:
            let original = natural()
            return .duplicated(segment(), of: original)
        case .lost: return .lost(natural(), choice())
        case .delayed: return .delayed(natural(), until: time())
        case .held: return .held(natural())
        case .corrupted: return .corrupted(natural())
        case .marked: return .marked(natural())
        case .struck:
            let host = host()
            return .struck(choice(), host)
        case .name:
            let number = small()
            return .name(choice(), number, text())
        case .action: return .action(action())
        case .scheduled:
            let due = time()
            return .scheduled(action(), due: due)
        case .episode: return .episode(choice(), due: time())
        case .fault: return .fault(choice(), choice())
        case .standing: return .standing(action())
        case .backlog: return .backlog(host(), port: port(), waiting: small())
        case .power: return .power(host(), on: flag())
        case .process: return .process(process(), choice())
        case .readRate: return .readRate(process(), bytesPerSecond: natural())
        case .cut:
            let lane = linkLane()
            return .cut(lane.link, lane.direction, flag())
        case .listening: return .listening(host(), port: port(), flag())
        case .opened:
            return .opened(connection(), from: host(), fromPort: port(), to: host(), toPort: port(), by: opener())
        case .unasked: return .unasked(process(), port: port(), choice(), reason: text())
        case .failed:
            let end = end()
            return .failed(end.connection, end.side, choice())
        case .forgotten: return .forgotten(connection())
        case .peerRegistered: return .peerRegistered(PeerNumber(small()), process(), capacity: small())
        case .queue:
            let lane = linkLane()
            return .queue(lane.link, lane.direction, bytes: natural(), until: time())
        case .shaped:
            let lane = linkLane()
            return .shaped(lane.link, lane.direction, shape())
        case .clogged:
            let lane = linkLane()
            return .clogged(lane.link, lane.direction, flag())
        case .hostClogged: return .hostClogged(host(), choice(), flag())
        case .partition:
            let begins = flag()
            return .partition(partition(), begins)
        }
    }
}

extension RecordWriter {
    /// What the latest change of the record was, by the name of its kind: `dropped`.
    func latestChange(_ number: Int) -> String {
        var reader = RecordReader(bytes)
        _ = reader.head(number: number)
        var latest: Change?
        while let change = reader.change() { latest = change }
        let name =
            switch latest {
            case .peer(_, let event, _): "\(event)"
            case let change?: "\(change)"
            case nil: "nothing"
            }
        return String(name.prefix { $0.isLetter })
    }
}
