import TCP

/// What is known of a connection between two kernels outside, by the segments that they send: where its numbers begin, and in
/// which states its ends must be (RFC 9293, 3.3.2).
struct OutsideConnection {
    /// One end.
    struct End {
        /// Nil where its kernel knows it not, or not any more.
        var state: TCPState?
        /// Its initial number, once it is known.
        var initial: UInt32?
        /// By how many bits its windows are shifted, where both can do that.
        var scale: UInt8?
        /// The offset behind all that it has sent.
        var sentUpTo: Int64 = 0
        /// The offset of what it has sent up to which it was told that all has come.
        var acknowledged: Int64 = 0
        /// The offset of its FIN.
        var fin: Int64?
        /// Segments that it has sent again.
        var repeated: Int32 = 0
        /// The number that it expects next, as far as that shows: what it has told, or what has come since in order.
        var expects: UInt32?
        /// How often it was told the same again, or of gaps.
        var hints = 0
        /// When it was last seen to do something, in nanoseconds.
        var heard: Int64 = 0

        /// It expects a number, where that is not before what it expects already.
        fileprivate mutating func expect(_ number: UInt32) {
            if expects.map({ Int32(bitPattern: number &- $0) > 0 }) ?? true { expects = number }
        }
    }

    private var client = End()
    private var server = End()

    subscript(side: Side) -> End {
        get { side == .client ? client : server }
        set { if side == .client { client = newValue } else { server = newValue } }
    }

    /// Both ends are gone.
    var isOver: Bool { client.state == nil && server.state == nil }

    // MARK: Sending

    /// A segment leaves an end: says of it what no header tells.
    mutating func leaves(_ segment: inout TCPSegment, from side: Side, at now: Int64) {
        var (own, other) = (self[side], self[side.other])
        let flags = segment.flags
        if flags.contains(.syn) {
            if own.initial != segment.sequence { own = End(state: own.state, initial: segment.sequence) }
            own.scale = segment.options?.windowScale
        }
        // Of a connection that has begun before anybody looked, the numbers begin here.
        let initial = own.initial ?? segment.sequence &- 1
        own.initial = initial
        own.heard = now
        segment.offset = Self.offset(of: segment.sequence, since: initial, near: own.sentUpTo)
        if flags.contains(.ack) {
            let otherInitial = other.initial ?? segment.acknowledgement &- 1
            other.initial = otherInitial
            segment.acknowledged = Self.offset(of: segment.acknowledgement, since: otherInitial, near: other.sentUpTo)
            own.expect(segment.acknowledgement)
        }
        segment.scale = flags.contains(.syn) || other.scale == nil ? 0 : own.scale ?? 0
        let length = Int64(segment.length) + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
        segment.purpose = Self.purpose(of: segment, length: length, from: own)
        if segment.purpose.isRepetition { own.repeated += 1 }
        if flags.contains(.fin) { own.fin = segment.offset + Int64(segment.length) }
        own.sentUpTo = max(own.sentUpTo, segment.offset + length)
        if let fin = other.fin, flags.contains(.ack), segment.acknowledged > fin { own.state = own.state?.afterFIN }
        own.state = Self.state(own.state, afterSending: flags)
        (self[side], self[side.other]) = (own, other)
    }

    /// What a segment is sent for, as far as one sees from outside.
    private static func purpose(of segment: TCPSegment, length: Int64, from end: End) -> SegmentPurpose {
        if length > 0 {
            guard segment.offset + length <= end.sentUpTo else { return .plain }
            return end.hints > 0 ? .fastRepetition : .repetition
        }
        let isBefore = segment.offset < end.sentUpTo && segment.offset < end.acknowledged
        return isBefore && segment.flags == .ack ? .keepAliveProbe : .plain
    }

    private static func state(_ state: TCPState?, afterSending flags: TCPFlags) -> TCPState? {
        if flags.contains(.rst) { return nil }
        if flags.contains(.syn) { return flags.contains(.ack) ? .synReceived : .synSent }
        guard flags.contains(.fin) else { return state }
        switch state {
        case .established, .synReceived: return .finWait1
        case .closeWait: return .lastAck
        case .closed, .synSent, .finWait1, .finWait2, .closing, .timeWait, .lastAck, nil: return state
        }
    }

    // MARK: Receiving

    /// A segment has come to the end that it was for.
    mutating func arrives(_ segment: TCPSegment, at side: Side, now: Int64) {
        let flags = segment.flags
        var own = self[side]
        own.heard = now
        defer { self[side] = own }
        if flags.contains(.rst) {
            own.state = nil
            return
        }
        let length = UInt32(segment.length) + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
        if own.expects == nil || own.expects == segment.sequence { own.expect(segment.sequence &+ length) }
        guard flags.contains(.ack) else { return }
        let isNew = segment.acknowledged > own.acknowledged
        own.hints = segment.hasBlocks ? own.hints + 1 : isNew ? 0 : own.hints
        own.acknowledged = max(own.acknowledged, segment.acknowledged)
        switch own.state {
        case .synSent where flags.contains(.syn), .synReceived where segment.acknowledged > 0: own.state = .established
        case .closed, .synSent, .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .timeWait,
            .lastAck, nil:
            break
        }
        if let fin = own.fin, segment.acknowledged > fin { own.state = own.state?.afterAcknowledgementOfFIN }
    }

    /// The kernel of an end has said what state it is in; nil where it knows of none.
    mutating func told(_ state: TCPState?, of side: Side) { self[side].state = state }

    /// The place of a number in its sender's stream, near one that is known: numbers go round.
    private static func offset(of number: UInt32, since initial: UInt32, near known: Int64) -> Int64 {
        let expected = initial &+ UInt32(truncatingIfNeeded: known)
        return known + Int64(Int32(bitPattern: number &- expected))
    }
}

extension TCPState {
    /// The state once the other side's FIN has come.
    fileprivate var afterFIN: TCPState {
        switch self {
        case .established, .synReceived: .closeWait
        case .finWait1: .closing
        case .finWait2: .timeWait
        case .closed, .synSent, .closeWait, .closing, .timeWait, .lastAck: self
        }
    }

    /// The state once the FIN that was sent is acknowledged; nil where that was all.
    fileprivate var afterAcknowledgementOfFIN: TCPState? {
        switch self {
        case .finWait1: .finWait2
        case .closing: .timeWait
        case .lastAck: nil
        case .closed, .synSent, .synReceived, .established, .finWait2, .closeWait, .timeWait: self
        }
    }
}
