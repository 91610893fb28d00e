import NIOCore

extension Peer {
    /// Asks the other side now and then whether it is there, and gives the connection up after a silence.
    func beat(_ heartbeat: PeerConfig.Heartbeat, on stream: any ByteStream) async {
        while !Task.isCancelled {
            let late = providers.buggify.fires(.peerTimerLate, for: name) ? heartbeat.interval / 2 : .zero
            guard (try? await providers.time.sleep(for: heartbeat.interval + late)) != nil else { return }
            let now = providers.time.now
            if let reason = whyLost(at: now, heartbeat) {
                lossReason = NetworkError(.timedOut, during: .read, remote: remote, reason: reason)
                await stream.reset()
                return
            }
            if providers.buggify.fires(.peerHeartbeatSkip, for: name) { continue }
            monitor.ask(at: now)
            sendControl(.ping(UInt64(truncatingIfNeeded: now.nanoseconds)))
        }
    }

    /// Why the connection is to be given up, if it is.
    private func whyLost(at now: Instant, _ heartbeat: PeerConfig.Heartbeat) -> String? {
        // Any byte breaks the silence: an answer may have to wait behind a large message.
        let silence = lastHeard.duration(to: now)
        if silence >= heartbeat.timeout {
            note(.heartbeatMissed)
            return "silent for \(heartbeat.timeout)"
        }
        if let detector, detector.suspects(silence) {
            note(.heartbeatMissed)
            return "silent for \(silence), which is not its way"
        }
        if let limit = heartbeat.reconnectBelow, accepted == nil, monitor.isJudged(at: now) {
            let score = monitor.health(at: now).score
            guard score < limit else { return nil }
            note(.degraded(score: Int32(score * 1_000)))
            return "degraded: \(Int(score * 100)) % of health"
        }
        return nil
    }

    // MARK: Timeouts

    /// Whether a connection may be lost or closed because nothing goes on.
    var hasTimeouts: Bool { config.readTimeout != nil || config.writeTimeout != nil || config.idleTimeout != nil }

    /// Ends a connection over which nothing goes on for longer than the configuration bears.
    func watch(_ stream: any ByteStream) async {
        var seen = activity
        var lastUsed = providers.time.now
        while !Task.isCancelled {
            let now = providers.time.now
            if activity != seen || queue.depth > 0 || !inbox.isEmpty { (seen, lastUsed) = (activity, now) }
            if let reason = whyStuck(at: now) {
                lossReason = NetworkError(.timedOut, during: reason.operation, remote: remote, reason: reason.words)
                await stream.reset()
                return
            }
            if let idle = config.idleTimeout, lastUsed.duration(to: now) >= idle, !isWriting {
                await leave(stream)
                return
            }
            guard (try? await providers.time.sleep(until: nextLook(after: now, lastUsed: lastUsed))) != nil else {
                return
            }
        }
    }

    /// Counts what the connection was used for.
    private var activity: UInt64 { lastNumber &+ arrived }

    private func whyStuck(at now: Instant) -> (operation: NetworkError.Operation, words: String)? {
        if let timeout = config.readTimeout, lastHeard.duration(to: now) >= timeout {
            return (.read, "nothing came for \(timeout)")
        }
        if let timeout = config.writeTimeout, let since = writingSince, since.duration(to: now) >= timeout {
            return (.write, "nothing was taken for \(timeout)")
        }
        return nil
    }

    private func nextLook(after now: Instant, lastUsed: Instant) -> Instant {
        var looks: [Instant] = []
        if let timeout = config.readTimeout { looks.append(lastHeard.advanced(by: timeout)) }
        if let timeout = config.writeTimeout { looks.append((writingSince ?? now).advanced(by: timeout)) }
        if let idle = config.idleTimeout {
            looks.append(PeerConfig.nextLook(atWhatIsIdleFor: idle, since: lastUsed, after: now))
        }
        return looks.min() ?? now
    }

    /// Closes a connection that nobody uses; the other side learns why, and need not open another.
    private func leave(_ stream: any ByteStream) async {
        isLeaving = true
        // Where there is no room for it, it is not waited for: that nobody reads is reason enough.
        _ = stream.offer(Frame.goodbye.encoded())
        await stream.close()
    }
}

extension PeerConfig {
    /// When it is looked next whether a connection is used: always later than now, also where it has been idle for too long
    /// already and a write that goes on keeps it from being closed.
    static func nextLook(atWhatIsIdleFor limit: Duration, since lastUsed: Instant, after now: Instant) -> Instant {
        let soon = now.advanced(by: limit / looksInIdleTimeout)
        let end = lastUsed.advanced(by: limit)
        return end > now ? min(end, soon) : soon
    }
}
