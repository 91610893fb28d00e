import PeerNetworking
import TCP

/// What a change begins with in a record's bytes; peers' events have tags of their own, behind these.
enum ChangeTag: UInt8, CaseIterable {
    case arrived, end, sent, tcp, timerSet, taken, draw
    case forwarded, duplicated, lost, delayed, held, corrupted, struck
    case name, action, scheduled, episode, fault, standing
    case backlog, power, process, readRate, cut, listening, opened, unasked, failed, forgotten
    case peerRegistered, queue, shaped, clogged, partition, hostClogged, marked
}

extension RecordWriter {
    /// What a change takes at most, but for texts and lists.
    private static let room = 192

    @inline(__always)
    private mutating func begin(_ tag: ChangeTag, _ first: UInt64) {
        byte(tag.rawValue)
        number(first)
    }

    @inline(__always)
    private mutating func begin(_ tag: ChangeTag, _ first: Int32) { begin(tag, UInt64(UInt32(bitPattern: first))) }

    @inline(__always)
    private mutating func begin(_ tag: ChangeTag, _ segment: Int64) { begin(tag, UInt64(bitPattern: segment)) }

    @inline(__always)
    private mutating func begin(_ tag: ChangeTag, _ connection: ConnectionID, _ side: Side) {
        begin(tag, UInt64(connection.number) << 1 | UInt64(side.rawValue))
    }

    @inline(__always)
    private mutating func begin(_ tag: ChangeTag, _ link: LinkID, _ direction: LinkDirection) {
        byte(tag.rawValue)
        lane(link, direction)
    }

    /// Writes a change.
    ///
    /// Inlined: where it is called the case is known, and the switch is none.
    @inline(__always)
    mutating func write(_ change: Change) {
        countChange()
        reserve(Self.room)
        switch change {
        case .arrived(let segment): inRegisters { $0.begin(.arrived, segment) }
        case .end(let connection, let side, let change):
            inRegisters {
                $0.begin(.end, connection, side)
                $0.write(change)
            }
        case .sent(let segment):
            byte(ChangeTag.sent.rawValue)
            write(segment)
        case .tcp(let connection, let side, let state):
            begin(.tcp, connection, side)
            byte(state.map { $0.rawValue + 1 } ?? 0)
        case .peer(let peer, let event, nil): put(event, of: peer)
        case .peer(let peer, let event, let session?): put(event, of: peer, in: session)
        case .timerSet(let process, let task, let due):
            inRegisters {
                $0.begin(.timerSet, process.index)
                $0.natural(task)
                $0.time(due)
            }
        case .taken(let place): inRegisters { $0.begin(.taken, place) }
        case .draw(let draw):
            byte(ChangeTag.draw.rawValue)
            write(draw)
        case .forwarded(let segment, let link, let direction, let arrives):
            begin(.forwarded, segment)
            lane(link, direction)
            time(arrives)
        case .duplicated(let segment, let original):
            begin(.duplicated, original)
            write(segment)
        case .lost(let segment, let reason):
            begin(.lost, segment)
            choice(reason)
        case .delayed(let segment, let until):
            begin(.delayed, segment)
            time(until)
        case .held(let segment): begin(.held, segment)
        case .corrupted(let segment): begin(.corrupted, segment)
        case .marked(let segment): begin(.marked, segment)
        case .struck(let family, let host):
            begin(.struck, host.index)
            choice(family)
        case .name(let kind, let number, let text):
            begin(.name, number)
            choice(kind)
            self.text(text)
        case .action(let action):
            byte(ChangeTag.action.rawValue)
            write(action)
        case .scheduled(let action, let due):
            byte(ChangeTag.scheduled.rawValue)
            time(due)
            write(action)
        case .episode(let family, let due):
            byte(ChangeTag.episode.rawValue)
            choice(family)
            time(due)
        case .fault(let family, let turn):
            byte(ChangeTag.fault.rawValue)
            choice(family)
            choice(turn)
        case .standing(let action):
            byte(ChangeTag.standing.rawValue)
            write(action)
        case .backlog(let host, let port, let waiting):
            begin(.backlog, host.index)
            natural(Int32(port))
            natural(waiting)
        case .power(let host, let on):
            begin(.power, host.index)
            flag(on)
        case .process(let process, let state):
            begin(.process, process.index)
            choice(state)
        case .readRate(let process, let rate):
            begin(.readRate, process.index)
            natural(rate)
        case .cut(let link, let direction, let isCut):
            begin(.cut, link, direction)
            flag(isCut)
        case .listening(let host, let port, let isOpen):
            begin(.listening, host.index)
            natural(Int32(port))
            flag(isOpen)
        case .opened(let connection, let from, let fromPort, let to, let toPort, let opener):
            begin(.opened, UInt64(connection.number))
            natural(from.index)
            natural(Int32(fromPort))
            natural(to.index)
            natural(Int32(toPort))
            natural(opener?.attempt ?? 0)
            if let opener { natural(opener.process.index) }
        case .unasked(let process, let port, let code, let reason):
            begin(.unasked, process.index)
            natural(Int32(port))
            choice(code)
            text(reason)
        case .failed(let connection, let side, let code):
            begin(.failed, connection, side)
            choice(code)
        case .forgotten(let connection): begin(.forgotten, UInt64(connection.number))
        case .peerRegistered(let peer, let process, let capacity):
            begin(.peerRegistered, peer.index)
            natural(process.index)
            natural(capacity)
        case .queue(let link, let direction, let bytes, let until):
            begin(.queue, link, direction)
            natural(bytes)
            time(until)
        case .shaped(let link, let direction, let shape):
            begin(.shaped, link, direction)
            write(shape)
        case .clogged(let link, let direction, let isClogged):
            begin(.clogged, link, direction)
            flag(isClogged)
        case .hostClogged(let host, let bound, let isClogged):
            begin(.hostClogged, host.index)
            choice(bound)
            flag(isClogged)
        case .partition(let partition, let begins):
            byte(ChangeTag.partition.rawValue)
            flag(begins)
            write(partition)
        }
    }
}
