import NIOCore
import PeerNetworking

extension TCPEndpoint {
    /// What a segment's arrival means for the shell.
    struct Arrival: OptionSet {
        let rawValue: UInt8
        /// The handshake is complete.
        static let opened = Arrival(rawValue: 1)
        /// There are bytes, an end of stream or a failure to read.
        static let readable = Arrival(rawValue: 2)
        /// There is room to write, or a failure to tell.
        static let writable = Arrival(rawValue: 4)
        /// Answer with a reset and forget the endpoint.
        static let reset = Arrival(rawValue: 8)
        /// The connection has failed.
        static let failed: Arrival = [.opened, .readable, .writable]
    }

    /// Takes in a segment (RFC 9293, 3.10.7).
    mutating func receive(_ segment: TCPSegment, at now: Int64) -> Arrival {
        switch state {
        case .closed:
            return segment.flags.contains(.rst) ? [] : .reset
        case .synSent:
            return receiveInSynSent(segment, at: now)
        case .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait:
            return receiveSynchronised(segment, at: now)
        }
    }

    private mutating func receiveInSynSent(_ segment: TCPSegment, at now: Int64) -> Arrival {
        if segment.flags.contains(.rst) {
            guard segment.flags.contains(.ack), segment.acknowledgement == sendHighest else { return [] }
            fail(.refused)
            return .failed
        }
        guard segment.flags.contains(.syn) else { return [] }
        agree(on: segment)
        agreeOnLife(of: segment)
        sendWindow = Int64(segment.window)
        windowSequence = segment.sequence
        guard segment.flags.contains(.ack) else {
            // Both have opened at once (RFC 9293, 3.5, figure 7): our SYN goes again, with an acknowledgement.
            state = .synReceived
            sendNext = 0
            return []
        }
        guard segment.acknowledgement == 1 else { return [] }
        state = .established
        acknowledge(upTo: 1, at: now)
        acknowledgementPending = true
        return .opened
    }

    private mutating func receiveSynchronised(_ segment: TCPSegment, at now: Int64) -> Arrival {
        if isStranger(segment) { return receiveStranger(segment) }
        if segment.flags.contains(.rst) {
            // RFC 9293, 3.10.7.4: only a reset inside the window counts.
            guard segment.sequence >= receiveBuffer.next - 1,
                segment.sequence <= receiveBuffer.next + Int64(receiveWindow)
            else { return [] }
            if state == .timeWait {
                abort()
                return []
            }
            // Linux tells a reset in CLOSE_WAIT as EPIPE (tcp_reset).
            fail(state == .closeWait ? .broken : .reset)
            return .failed
        }
        if segment.flags.contains(.syn), !(state == .synReceived && segment.flags.contains(.ack)) {
            // A SYN or SYN-ACK again: our answer to it was lost.
            if state == .synReceived { sendNext = 0 } else { acknowledgementPending = true }
            return []
        }
        if isIdleTimer || options.keepAlive { hearOther(at: now) }
        var arrival: Arrival = []
        if state == .synReceived {
            // It acknowledges our SYN and nothing else: more belongs to another life of the connection.
            guard segment.acknowledgement == 1 else {
                abort(answering: segment)
                return .reset
            }
            state = .established
            arrival.insert(.opened)
        }
        arrival.formUnion(receiveAcknowledgement(segment, at: now))
        if state == .closed { return arrival }
        if orphaned, segment.length > 0, segment.sequence + Int64(segment.length) > receiveBuffer.next {
            // New data for a socket that nobody can read any more (RFC 2525, 2.17); old data is only acknowledged.
            abort()
            return .reset
        }
        arrival.formUnion(receivePayload(segment, at: now))
        return arrival
    }

    /// An old duplicate SYN has made another socket of the server's (RFC 9293, 3.5, figure 8).
    private mutating func receiveStranger(_ segment: TCPSegment) -> Arrival {
        if segment.flags.contains(.rst) { return [] }
        if state == .synReceived {
            // The client is connected to a socket that was before this one: it is told that this is not it.
            abort(answering: segment)
            return .reset
        }
        // A socket that the client does not know has answered: it says where it is, and is answered with a reset.
        if segment.flags.contains(.syn) { acknowledgementPending = true }
        return []
    }

    private mutating func receiveAcknowledgement(_ segment: TCPSegment, at now: Int64) -> Arrival {
        let acknowledgement = segment.acknowledgement
        guard acknowledgement >= unacknowledged, acknowledgement <= sendHighest else { return [] }
        let hadRoom = writable > 0
        let wasProbing = probing
        // An old segment that was overtaken has an old window (RFC 9293, 3.10.7.4; Linux's tcp_may_update_window).
        if acknowledgement > unacknowledged || segment.sequence > windowSequence
            || (segment.sequence == windowSequence && Int64(segment.window) > sendWindow)
        {
            sendWindow = Int64(segment.window)
            windowSequence = segment.sequence
        }
        if acknowledgement > unacknowledged {
            acknowledge(upTo: acknowledgement, at: now)
            advanceClosing(at: now)
        } else if wasProbing {
            // The other side is alive: probes do not count towards the limit as long as they are answered.
            repeats = 0
            if sendWindow > 0 {
                // The window has opened: what is sent now starts with a fresh timeout, as Linux does.
                estimator.endBackOff()
                deadline = nil
            }
        }
        return !hadRoom && writable > 0 ? .writable : []
    }

    private mutating func acknowledge(upTo sequence: Int64, at now: Int64) {
        unacknowledged = sequence
        sendBuffer.acknowledge(upTo: sequence)
        if sendNext < sequence { sendNext = sequence }
        estimator.acknowledged(upTo: sequence, at: now, options)
        repeats = 0
        recovering = false
        softFailure = nil
        if unacknowledged != sendHighest {
            deadline = now + timeoutOrLess(at: now)
        } else {
            deadline = nil
            if options.keepAlive { restartIdleTimer(at: now) }
        }
    }

    /// Whether our FIN is acknowledged: the FIN takes the sequence number after the last byte.
    private var finAcknowledged: Bool { finQueued && unacknowledged > sendBuffer.end }

    private mutating func advanceClosing(at now: Int64) {
        guard finAcknowledged else { return }
        switch state {
        case .finWait1:
            state = .finWait2
            deadline = orphaned ? now + options.finTimeout : nil
        case .closing:
            enterTimeWait(at: now)
        case .lastAck:
            state = .closed
            deadline = nil
        case .closed, .synSent, .synReceived, .established, .finWait2, .closeWait, .timeWait:
            break
        }
    }

    private mutating func receivePayload(_ segment: TCPSegment, at now: Int64) -> Arrival {
        var arrival: Arrival = []
        if segment.length > 0 {
            if segment.sequence + Int64(segment.length) > advertisedEdge { windowWasOverrun = true }
            let before = receiveBuffer.next
            receiveBuffer.insert(
                segment.payload, at: segment.sequence, limit: max(advertisedEdge, receiveBuffer.next))
            acknowledgementPending = true
            if receiveBuffer.next > before { arrival.insert(.readable) }
        } else if segment.sequence < receiveBuffer.next, !segment.flags.contains(.fin) {
            // A zero-window probe, or an old segment: say where we are.
            acknowledgementPending = true
        }
        if segment.flags.contains(.fin), state == .timeWait {
            // Our last acknowledgement was lost: the wait begins again.
            deadline = now + options.timeWait
        }
        if segment.flags.contains(.fin) {
            finAhead = segment.sequence + Int64(segment.length)
            acknowledgementPending = true
        }
        if !endOfStream, let fin = finAhead, fin == receiveBuffer.next {
            receiveBuffer.countFin()
            finAhead = nil
            endOfStream = true
            arrival.insert(.readable)
            receiveFin(at: now)
        }
        return arrival
    }

    private mutating func receiveFin(at now: Int64) {
        switch state {
        case .synReceived, .established:
            state = .closeWait
        case .finWait1:
            state = .closing
        case .finWait2:
            enterTimeWait(at: now)
        case .closed, .synSent, .closeWait, .closing, .lastAck, .timeWait:
            break
        }
    }

    private mutating func enterTimeWait(at now: Int64) {
        state = .timeWait
        deadline = now + options.timeWait
    }
}
