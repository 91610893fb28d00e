// Keep-alive (RFC 9293, 3.8.4; RFC 1122, 4.2.3.6), with Linux's times.
extension TCPEndpoint {
    /// The other side is there: what is counted against it is forgotten.
    mutating func hearOther(at now: Int64) {
        probesUnanswered = 0
        if deadline == nil || isIdleTimer { restartIdleTimer(at: now) }
    }

    /// Lets the connection be probed when it has been idle for long enough; or not, where it is not kept alive.
    mutating func restartIdleTimer(at now: Int64) {
        switch state {
        case .established, .closeWait:
            isIdleTimer = options.keepAlive
            deadline = options.keepAlive ? now + options.keepAliveTime : nil
        case .closed, .synSent, .synReceived, .finWait1, .finWait2, .closing, .lastAck, .timeWait:
            if isIdleTimer { deadline = nil }
            isIdleTimer = false
        }
    }

    /// The connection has been idle, or a probe was not answered.
    ///
    /// - Returns: what the shell must tell the application.
    mutating func idleTimerFired(at now: Int64) -> Arrival {
        guard state == .established || state == .closeWait else {
            isIdleTimer = false
            return []
        }
        let silence = options.keepAliveTime + Int64(probesUnanswered) * options.keepAliveInterval
        let isOverdue = options.userTimeout > 0 && probesUnanswered > 0 && silence >= options.userTimeout
        // With a user timeout the number of probes does not count (tcp_keepalive_timer).
        let isLost = options.userTimeout > 0 ? isOverdue : probesUnanswered >= options.keepAliveProbes
        guard !isLost else {
            isIdleTimer = false
            fail(softFailure ?? .timedOut)
            return .failed
        }
        probesUnanswered += 1
        keepAliveWanted = true
        deadline = now + options.keepAliveInterval
        return []
    }
}
