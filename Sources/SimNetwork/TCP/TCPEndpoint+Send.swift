import NIOCore
import PeerNetworking

extension TCPEndpoint {
    /// Whether data waits behind a closed window with nothing in flight to open it.
    var probing: Bool {
        sendWindow == 0 && unacknowledged == sendHighest && sendBuffer.end > sendNext && isSynchronised
    }

    /// The next segment that the endpoint wants to send now, or nil.
    @inline(__always)
    mutating func nextSegment(at now: Int64) -> TCPSegment? {
        switch state {
        case .closed:
            return nil
        case .synSent, .synReceived:
            return nextHandshakeSegment(at: now)
        case .established, .closeWait, .finWait1, .closing, .lastAck:
            if let segment = nextDataSegment(at: now) { return segment }
            if probing {
                if probeWanted {
                    probeWanted = false
                    acknowledgementPending = false
                    // Linux probes with a segment one below the window, which draws an acknowledgement.
                    return makeSegment(.ack, sequence: unacknowledged - 1, .windowProbe)
                }
                if deadline == nil || isIdleTimer { startTimer(at: now) }
            }
        case .finWait2, .timeWait:
            break
        }
        if keepAliveWanted {
            keepAliveWanted = false
            acknowledgementPending = false
            return makeSegment(.ack, sequence: unacknowledged - 1, .keepAliveProbe)
        }
        guard acknowledgementPending else { return nil }
        acknowledgementPending = false
        return makeSegment(.ack, sequence: sendNext, isWindowUpdate ? .windowUpdate : .plain)
    }

    private mutating func nextHandshakeSegment(at now: Int64) -> TCPSegment? {
        guard sendNext == 0 else { return nil }
        let isRepeated = sendHighest == 1
        if isRepeated {
            retransmissions += 1
            // Karn's algorithm: which of the two an answer is for is not known.
            estimator.forgetSample()
        } else {
            estimator.sent(upTo: 1, at: now)
        }
        sendNext = 1
        sendHighest = 1
        acknowledgementPending = false
        deadline = now + timeoutOrLess(at: now)
        var segment = makeSegment(
            state == .synSent ? .syn : [.syn, .ack], sequence: 0, isRepeated ? .repetition : .plain)
        segment.maximumSegmentSize = UInt16(clamping: segmentSize)
        return segment
    }

    @inline(__always)
    private mutating func nextDataSegment(at now: Int64) -> TCPSegment? {
        if recovering, sendNext > unacknowledged { return nil }
        let waiting = sendBuffer.end - sendNext
        if waiting > 0 {
            let room = unacknowledged + sendWindow - sendNext
            let length = min(waiting, min(room, Int64(segmentSize)))
            guard length > 0 else { return nil }
            // Several chunks may join in one segment; a chunk alone is a slice of what the application wrote.
            let payload = sendBuffer.bytes(from: sendNext, limit: Int(length))
            let segment = makeSegment(.ack, sequence: sendNext, purposeOfNext, payload: payload)
            countSent(payload.readableBytes, at: now)
            return segment
        }
        if finQueued, sendNext == sendBuffer.end {
            let segment = makeSegment([.fin, .ack], sequence: sendNext, purposeOfNext)
            countSent(1, at: now)
            return segment
        }
        return nil
    }

    /// What goes at the next sequence number goes for the first time, or again.
    @inline(__always)
    private var purposeOfNext: SegmentPurpose { sendNext < sendHighest ? .repetition : .plain }

    @inline(__always)
    private mutating func countSent(_ length: Int, at now: Int64) {
        let repeated = sendNext < sendHighest
        sendNext += Int64(length)
        if repeated {
            retransmissions += 1
        } else {
            estimator.sent(upTo: sendNext, at: now)
        }
        if sendNext > sendHighest { sendHighest = sendNext }
        acknowledgementPending = false
        if deadline == nil || isIdleTimer { startTimer(at: now) }
    }

    @inline(__always)
    private mutating func startTimer(at now: Int64) {
        isIdleTimer = false
        deadline = now + timeoutOrLess(at: now)
    }

    /// The retransmission timeout, or what is left until the user timeout (Linux's `tcp_clamp_rto_to_user_timeout`).
    @inline(__always)
    func timeoutOrLess(at now: Int64) -> Int64 {
        let limit = options.userTimeout
        guard limit > 0 else { return estimator.timeout(options) }
        let since = repeats == 0 ? now : stalledSince
        return min(estimator.timeout(options), max(1, since + limit - now))
    }

    @inline(__always)
    private mutating func makeSegment(
        _ flags: TCPFlags, sequence: Int64, _ purpose: SegmentPurpose = .plain, payload: ByteBuffer = ByteBuffer()
    ) -> TCPSegment {
        isWindowUpdate = false
        let window = receiveWindow
        let next = state == .synSent ? 0 : receiveBuffer.next
        // The right edge never moves left (RFC 9293, 3.8.6).
        if next + Int64(window) > advertisedEdge { advertisedEdge = next + Int64(window) }
        return TCPSegment(
            flags: flags, life: life, sequence: sequence, acknowledgement: next, window: window, purpose: purpose,
            payload: payload)
    }

    /// The running timer is due.
    ///
    /// - Returns: what the shell must tell the application.
    mutating func timerFired(at now: Int64) -> Arrival {
        deadline = nil
        if isIdleTimer { return idleTimerFired(at: now) }
        switch state {
        case .closed:
            return []
        case .timeWait:
            abort()
            return []
        case .finWait2:
            abort()
            return []
        case .synSent, .synReceived:
            let limit = state == .synSent ? options.synRetries : options.synAckRetries
            return repeatOrFail(limit: limit, at: now) { $0.sendNext = 0 }
        case .established, .closeWait, .finWait1, .closing, .lastAck:
            if unacknowledged < sendHighest {
                return repeatOrFail(limit: options.retries, at: now) {
                    $0.sendNext = $0.unacknowledged
                    $0.recovering = true
                }
            }
            if probing {
                return repeatOrFail(limit: options.retries, at: now) { $0.probeWanted = true }
            }
            return []
        }
    }

    private mutating func repeatOrFail(
        limit: Int32, at now: Int64, _ action: (inout TCPEndpoint) -> Void
    ) -> Arrival {
        if repeats == 0 { stalledSince = now - timeoutOrLess(at: now) }
        let isOverdue = options.userTimeout > 0 && now - stalledSince >= options.userTimeout
        guard repeats < limit, !isOverdue else {
            fail(softFailure ?? .timedOut)
            return .failed
        }
        repeats += 1
        estimator.backOff()
        action(&self)
        deadline = now + timeoutOrLess(at: now)
        return []
    }
}
