import PeerNetworking

extension Digest {
    /// Takes in a change: first its kind and small fields in one word, then what is wider.
    @inline(__always)
    mutating func mix(_ change: Change) {
        switch change {
        case .arrived(let number):
            mixWord(1, number)
        case .levels(let connection, let side, let levels):
            mixWord(2, connection.number, side)
            mix(word(levels.sendQueued, levels.inFlight))
            mix(word(levels.received, levels.retransmissions))
        case .sent(let segment):
            mixWord(3, segment.connection.number, segment.from)
            mix(segment.number << 8 | Int64(segment.flags.rawValue))
            mix(segment.sequence << 20 ^ Int64(segment.length))
            mix(segment.arrives)
        case .peer(let peer, let event):
            mixPeer(peer, event)
        case .tcp(let connection, let side, let state):
            mixWord(4, connection.number, side)
            mix(UInt64(state.map { $0.rawValue + 1 } ?? 0))
        case .backlog(let host, let port, let waiting):
            mixWord(5, word(host.index, Int32(port)))
            mix(UInt64(UInt32(bitPattern: waiting)))
        case .power(let host, let on):
            mixWord(6, word(host.index, on ? 1 : 0))
        case .process(let process, let state):
            mixWord(7, word(process.index, Int32(state.rawValue)))
        case .readRate(let process, let rate):
            mixWord(8, word(process.index, 0))
            mix(rate)
        case .cut(let link, let direction, let isCut):
            mixWord(9, word(link.index, Int32(direction.rawValue)))
            mix(UInt64(isCut ? 1 : 0))
        case .listening(let host, let port, let isOpen):
            mixWord(10, word(host.index, Int32(port)))
            mix(UInt64(isOpen ? 1 : 0))
        case .opened(let connection, let from, let fromPort, let to, let toPort):
            mixWord(11, Int64(connection.number))
            mix(word(from.index, to.index))
            mix(UInt64(fromPort) << 16 | UInt64(toPort))
        case .failed(let connection, let side, let code):
            mixWord(12, connection.number, side)
            mix(Draw.stableHash(code.rawValue))
        case .forgotten(let connection):
            mixWord(13, Int64(connection.number))
        case .lost(let number, let reason):
            mixWord(14, number << 5 | Int64(reason.rawValue))
        case .delayed(let number, let until):
            mixWord(15, number)
            mix(until)
        case .peerRegistered(let peer, let process, let capacity):
            mixWord(16, word(peer.index, process.index))
            mix(UInt64(UInt32(bitPattern: capacity)))
        case .draw(let draw):
            mixWord(17, draw.number << 2 | (draw.fires ? 2 : 0) | (draw.isForced ? 1 : 0))
            mix(draw.site.hash)
            mix(UInt64(draw.value))
        case .fault(let family, let turn):
            let code: Int32 =
                switch turn {
                case .healed: 0
                case .struck: 1
                case .set: 2
                }
            mixWord(18, word(0, code))
            mix(Draw.stableHash(family.rawValue))
        case .forwarded(let number, let link, let direction, let arrives):
            mixWord(19, number)
            mix(word(link?.index ?? -1, Int32(direction.rawValue)))
            mix(arrives)
        case .duplicated(let segment, let original):
            mixWord(20, segment.number)
            mix(original)
            mix(segment.arrives)
        case .corrupted(let number):
            mixWord(21, number)
        case .held(let number):
            mixWord(22, number)
        case .queue(let link, let direction, let bytes, let until):
            mixWord(23, word(link.index, Int32(direction.rawValue)))
            mix(bytes)
            mix(until)
        case .shaped(let link, let direction, let shape):
            mixWord(24, word(link.index, Int32(direction.rawValue)))
            mix(Draw.stableHash(shape.kind.rawValue))
        case .clogged(let link, let direction, let isClogged):
            mixWord(25, word(link.index, Int32(direction.rawValue)))
            mix(UInt64(isClogged ? 1 : 0))
        case .partition(let partition, let begins):
            mixWord(26, word(begins ? 1 : 0, partition.isOneWay ? 1 : 0))
            for host in partition.first { mix(word(0, host.index)) }
            for host in partition.second { mix(word(1, host.index)) }
        case .standing(let action):
            mixWord(27, word(0, action.heals ? 1 : 0))
            mix(Draw.stableHash(action.family.rawValue))
        case .struck(let family, let host):
            mixWord(28, word(host.index, 0))
            mix(Draw.stableHash(family.rawValue))
        }
    }

    @inline(__always)
    mutating func mixPeer(_ peer: PeerNumber, _ event: PeerEvent) {
        @inline(__always)
        func tag(_ kind: Int32, _ small: Int32 = 0) -> UInt64 { word(kind << 16 | small, peer.index) }
        switch event {
        case .queued(let message, let bytes, let delivery, let depth):
            mix(tag(32, Int32(delivery.rawValue)))
            mix(message)
            mix(word(bytes, depth))
        case .sent(let message, let depth):
            mix(tag(33))
            mix(message)
            mix(word(depth, 0))
        case .delivered(let message, let origin, let bytes):
            mix(tag(34))
            mix(message)
            mix(origin &+ UInt64(UInt32(bitPattern: bytes)))
        case .state(let state, let code):
            mix(tag(35, Int32(state.rawValue)))
            mix(code.map { Draw.stableHash($0.rawValue) } ?? 0)
        case .attached(let connection):
            mix(tag(36))
            mix(UInt64(connection.number))
        case .backoff(let attempt, let delay):
            mix(tag(37))
            mix(word(attempt, 0))
            mix(delay)
        case .requeued(let message, let depth):
            mix(tag(38))
            mix(message)
            mix(word(depth, 0))
        case .dropped(let message, let reason, let depth):
            mix(tag(39, Int32(reason.rawValue)))
            mix(message)
            mix(word(depth, 0))
        case .acknowledged(let message, let depth):
            mix(tag(40))
            mix(message)
            mix(word(depth, 0))
        case .blocked(let isBlocked):
            mix(tag(41, isBlocked ? 1 : 0))
        case .pressure(let isPressed):
            mix(tag(50, isPressed ? 1 : 0))
        case .asked(let request, let attempt):
            mix(tag(51))
            mix(request)
            mix(word(attempt, 0))
        case .answered(let request, let outcome, let nanoseconds):
            mix(tag(52, Int32(outcome.rawValue)))
            mix(request)
            mix(nanoseconds)
        case .roundTrip(let nanoseconds):
            mix(tag(42))
            mix(nanoseconds)
        case .heartbeatMissed:
            mix(tag(43))
        case .progress(let done, let of):
            mix(tag(44))
            mix(done)
            mix(of)
        case .finished(let correct):
            mix(tag(45, correct ? 1 : 0))
        case .discarded(let message, let origin, let reason):
            mix(tag(49, Int32(reason.rawValue)))
            mix(message)
            mix(origin)
        case .suppressed(let message, let origin):
            mix(tag(48))
            mix(message)
            mix(origin)
        case .circuit(let state):
            mix(tag(46, Int32(state.rawValue)))
        case .degraded(let score):
            mix(tag(47))
            mix(word(score, 0))
        }
    }

    @inline(__always)
    private mutating func mixWord(_ tag: UInt64, _ value: UInt64) {
        mix(tag << 56 ^ value)
    }

    @inline(__always)
    private mutating func mixWord(_ tag: UInt64, _ value: Int64) {
        mixWord(tag, UInt64(bitPattern: value))
    }

    @inline(__always)
    private mutating func mixWord(_ tag: UInt64, _ number: UInt32, _ side: Side) {
        mixWord(tag, UInt64(number) << 1 | UInt64(side.rawValue))
    }

    @inline(__always)
    private func word(_ high: Int32, _ low: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: high)) << 32 | UInt64(UInt32(bitPattern: low))
    }
}
