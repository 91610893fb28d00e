// What the endpoint does when a timer is due, and when they are started.
extension TCPEndpoint {
    /// Two ticks of a kernel's clock, which has 1,000 a second here: timers of round trips wait no less (`TCP_TIMEOUT_MIN`).
    static let leastTimeout: Int64 = 2_000_000

    /// How long an acknowledgement is waited for now, the back-off included.
    @inline(__always)
    var retransmissionTimeout: Int64 { estimator.timeout(most: shared.options.maximumRetransmissionTimeout) }

    /// The first timer is due.
    ///
    /// - Returns: what the shell must tell the application.
    ///
    /// - Parameter due: when it would have been due, where somebody has it come sooner.
    package mutating func timerFired(at now: Int64, asIf due: Int64? = nil) -> Arrival {
        if due != nil { timers.putOff(to: now) }
        guard let kind = timers.take(dueBy: now) else { return [] }
        switch kind {
        case .retransmission:
            switch state {
            case .closed, .finWait2, .timeWait: return []
            case .synSent, .synReceived: return handshakeTimedOut(at: now)
            case .established, .finWait1, .closeWait, .closing, .lastAck: return retransmissionTimedOut(at: now)
            }
        case .tailLossProbe:
            tailProbeIsDue(at: now)
        case .reordering:
            reorderingTimedOut(at: now, asIf: due ?? now)
        case .persist: return windowProbeIsDue(at: now)
        case .delayedAcknowledgement:
            isAcknowledgementDelayed = true
            receiver.acknowledging.hasWaited(timeout: retransmissionTimeout)
        case .keepAlive: return keepAliveTimedOut(at: now, asIf: due ?? now)
        case .finWait, .timeWait, .cookie: abort()
        }
        return []
    }

    /// Takes the timer away that is due first, for good: what it was for waits until something else comes.
    package mutating func dropTimer() {
        switch timers.take(dueBy: .max) {
        case .delayedAcknowledgement: receiver.acknowledging.forget()
        case .persist: isProbeDropped = true
        case .retransmission, .tailLossProbe, .reordering, .keepAlive, .finWait, .timeWait, .cookie, nil: break
        }
    }

    // MARK: Retransmission

    /// What is not acknowledged has waited for long enough (`tcp_retransmit_timer`).
    private mutating func retransmissionTimedOut(at now: Int64) -> Arrival {
        guard !sender.sent.isEmpty else { return [] }
        guard !hasGivenUp(at: now) else {
            fail(softFailure ?? .timedOut)
            return .failed
        }
        if haveRepeatsLasted(as: shared.options.firstRetries, at: now) { suspectBlackHole(at: now) }
        enterLoss(at: now)
        timeouts += 1
        // The first goes, whatever there is room for.
        repeatsFirst = true
        estimator.backOff()
        timers.start(.retransmission, at: now + timeoutOrLess(at: now))
        return []
    }

    /// The repeats have gone on for too long (`retransmits_timed_out`): a number of them stands for the time that they take
    /// from the least timeout on.
    private func hasGivenUp(at now: Int64) -> Bool {
        guard timeouts > 0, recovery.repeatedSince > 0 else { return false }
        let since = now - recovery.repeatedSince
        if isOrphan {
            let isYoung = retransmissionTimeout < shared.options.maximumRetransmissionTimeout
            let limit = shared.options.orphanRetries == 0 && isYoung ? 8 : shared.options.orphanRetries
            if since >= time(ofRepeats: limit) { return true }
        }
        return since
            >= (shared.options.userTimeout > 0 ? shared.options.userTimeout : time(ofRepeats: shared.options.retries))
    }

    /// Whether repeats have gone on for as long as so many of them take.
    private func haveRepeatsLasted(as count: Int32, at now: Int64) -> Bool {
        timeouts > 0 && recovery.repeatedSince > 0 && now - recovery.repeatedSince >= time(ofRepeats: count)
    }

    /// How long so many repeats take, each after twice the time of the one before (`tcp_model_timeout`).
    private func time(ofRepeats count: Int32) -> Int64 {
        let (first, most) = (shared.options.minimumRetransmissionTimeout, shared.options.maximumRetransmissionTimeout)
        var doublings: Int32 = 0
        while doublings < 20, first << Int64(doublings + 1) <= most { doublings += 1 }
        if count <= doublings { return ((2 << Int64(count)) - 1) * first }
        return ((2 << Int64(doublings)) - 1) * first + Int64(count - doublings) * most
    }

    /// The timeout, cut short where a user timeout ends sooner (`tcp_clamp_rto_to_user_timeout`).
    @inline(__always)
    func timeoutOrLess(at now: Int64) -> Int64 {
        let timeout = retransmissionTimeout
        guard shared.options.userTimeout > 0 else { return timeout }
        let since = recovery.repeatedSince > 0 ? recovery.repeatedSince : now
        return min(timeout, max(1, since + shared.options.userTimeout - now))
    }

    /// The time that the first segment has waited counts where another timer ran instead (`tcp_rearm_rto`).
    ///
    /// - Parameter other: the timer that has just come and changed nothing, where it was one.
    mutating func restartRetransmission(at now: Int64, after other: TCPTimer? = nil) {
        guard let first = sender.sent.first else {
            timers.stopSending()
            return
        }
        var timeout = timeoutOrLess(at: now)
        if let kind = other ?? timers.sending?.kind, kind == .reordering || kind == .tailLossProbe {
            timeout = max(first.sentAt + retransmissionTimeout - now, 1_000_000)
        }
        timers.start(.retransmission, at: now + timeout)
    }

    /// Something new was acknowledged: the tail is probed, or all is repeated after the timeout (`tcp_set_xmit_timer`).
    mutating func startSendingTimer(at now: Int64) {
        if sender.sent.isEmpty { return timers.stopSending() }
        if !startTailProbe(at: now, isAdvancing: true) { restartRetransmission(at: now) }
    }

    // MARK: The probe of the tail (RFC 8985, 7)

    /// Starts the timer of the probe where the state wants one (`tcp_schedule_loss_probe`).
    mutating func startTailProbe(at now: Int64, isAdvancing: Bool) -> Bool {
        guard shared.options.tailLossProbe, usesSACK, let first = sender.sent.first,
            recovery.state == .open || recovery.state == .reduced
        else { return false }
        var timeout = shared.options.initialRetransmissionTimeout
        if let smoothed = estimator.smoothed {
            timeout = 2 * smoothed
            // One alone may be acknowledged late.
            timeout += sender.sent.count == 1 ? shared.options.minimumRetransmissionTimeout : Self.leastTimeout
        }
        let left = isAdvancing ? retransmissionTimeout : first.sentAt + retransmissionTimeout - now
        if left > 0 { timeout = min(timeout, left) }
        timers.start(.tailLossProbe, at: now + timeout)
        return true
    }

    /// New data are the probe where there are any, else the last segment (`tcp_send_loss_probe`).
    private mutating func tailProbeIsDue(at now: Int64) {
        guard recovery.probeEnd == 0, !sender.sent.isEmpty else {
            return restartRetransmission(at: now, after: .tailLossProbe)
        }
        wantsTailProbe = true
    }

    // MARK: A closed window

    /// Starts the timer of window probes where data wait and nothing is under way (`tcp_check_probe_timer`).
    mutating func startWindowProbes(at now: Int64) {
        guard sender.sent.isEmpty, sender.hasUnsent, timers.sending == nil, !isProbeDropped else { return }
        timers.start(.persist, at: now + probeTimeout(at: now))
    }

    private func probeTimeout(at now: Int64) -> Int64 {
        let base = max(
            estimator.plainTimeout(most: shared.options.maximumRetransmissionTimeout),
            shared.options.minimumRetransmissionTimeout)
        let most = shared.options.maximumRetransmissionTimeout
        let timeout = base >= most ? most : min(base << Int64(min(probes[\.backoff], 20)), most)
        guard shared.options.userTimeout > 0, let since = probes[\.windowSince] else { return timeout }
        return min(timeout, max(since + shared.options.userTimeout - now, Self.leastTimeout))
    }

    private mutating func windowProbeIsDue(at now: Int64) -> Arrival {
        guard sender.sent.isEmpty, sender.hasUnsent else {
            (probes[\.window], probes[\.windowSince]) = (0, nil)
            return []
        }
        if probes[\.windowSince] == nil {
            probes[\.windowSince] = now
        } else if shared.options.userTimeout > 0, now - (probes[\.windowSince] ?? now) >= shared.options.userTimeout {
            fail(softFailure ?? .timedOut)
            return .failed
        }
        var most = shared.options.retries
        if isOrphan {
            let isYoung = probeTimeout(at: now) < shared.options.maximumRetransmissionTimeout
            most = shared.options.orphanRetries == 0 && isYoung ? 8 : shared.options.orphanRetries
            if !isYoung, probes[\.backoff] >= most {
                fail(.timedOut)
                return .failed
            }
        }
        guard probes[\.window] < most else {
            fail(softFailure ?? .timedOut)
            return .failed
        }
        probes[\.window] += 1
        wantsWindowProbe = true
        if probes[\.backoff] < shared.options.retries { probes[\.backoff] += 1 }
        timers.start(.persist, at: now + probeTimeout(at: now))
        return []
    }

    /// The other side has answered a probe, or told a window while nothing is under way (`tcp_ack_probe`).
    mutating func windowAnswered(at now: Int64) {
        isProbeDropped = false
        guard sender.hasUnsent else { return }
        if min(sender.next + fullSegment, sender.buffer.end) <= sender.windowEnd {
            (probes[\.backoff], probes[\.windowSince]) = (0, nil)
            if timers.sending?.kind == .persist { timers.stopSending() }
        } else if timers.sending?.kind == .persist {
            timers.start(.persist, at: now + probeTimeout(at: now))
        }
    }
}
