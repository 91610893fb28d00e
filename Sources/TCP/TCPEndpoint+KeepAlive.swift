// Keep-alive (RFC 9293, 3.8.4; RFC 1122, 4.2.3.6), with Linux's times.
extension TCPEndpoint {
    /// Lets the connection be probed when it has been idle for long enough; or not, where it is not kept alive.
    mutating func restartKeepAlive(at now: Int64) {
        switch state {
        case .established, .closeWait:
            guard shared.options.keepAlive else { break }
            return timers.start(.keepAlive, at: now + shared.options.keepAliveTime)
        case .closed, .synSent, .synReceived, .finWait1, .finWait2, .closing, .lastAck, .timeWait: break
        }
        if timers.connection?.kind == .keepAlive { timers.stopConnection() }
    }

    /// Something was heard. Linux leaves the timer as it is, and looks when it fires for how long nothing has been: after a probe
    /// that was answered the next comes an interval later, however short the time before the first is (`tcp_keepalive_timer`).
    mutating func keepAliveGoesOn(at now: Int64) {
        if timers.connection?.kind != .keepAlive { restartKeepAlive(at: now) }
    }

    /// The connection has been idle, or a probe was not answered.
    ///
    /// - Returns: what the shell must tell the application.
    mutating func keepAliveTimedOut(at now: Int64, asIf due: Int64) -> Arrival {
        guard shared.options.keepAlive, state == .established || state == .closeWait else { return [] }
        // What is under way shows by itself whether the other side is there.
        if !sender.sent.isEmpty || sender.hasUnsent {
            timers.start(.keepAlive, at: now + shared.options.keepAliveTime)
            return []
        }
        let silence = due - lastHeard
        guard silence >= shared.options.keepAliveTime else {
            timers.start(.keepAlive, at: lastHeard + shared.options.keepAliveTime)
            return []
        }
        // With a user timeout the number of probes does not count (tcp_keepalive_timer).
        let isLost =
            shared.options.userTimeout > 0
            ? silence >= shared.options.userTimeout && probes[\.keepAlive] > 0
            : probes[\.keepAlive] >= shared.options.keepAliveProbes
        guard !isLost else {
            fail(softFailure ?? .timedOut)
            return .failed
        }
        probes[\.keepAlive] += 1
        wantsKeepAliveProbe = true
        timers.start(.keepAlive, at: now + shared.options.keepAliveInterval)
        return []
    }
}
