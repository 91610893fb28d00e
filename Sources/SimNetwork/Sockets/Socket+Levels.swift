import TCP

extension Socket {
    /// The levels of its end as they are now.
    ///
    /// Read here, and not by a member of the endpoint: that would be copied for it.
    @inline(__always)
    var levels: EndLevels {
        var levels = EndLevels()
        levels[.sendQueued] = Int32(truncatingIfNeeded: tcp.sendQueued)
        levels[.inFlight] = Int32(truncatingIfNeeded: tcp.inFlight)
        levels[.received] = Int32(truncatingIfNeeded: tcp.receiver.buffer.count)
        levels[.retransmissions] = tcp.repetitions
        levels[.congestionWindow] = tcp.congestion.window < .max / 2 ? tcp.congestion.window : .max
        levels[.slowStartThreshold] = tcp.congestion.threshold
        levels[.recovery] = Int32(tcp.recovery.state.rawValue)
        levels[.smoothedRoundTrip] = microseconds(tcp.estimator.smoothed ?? 0)
        levels[.roundTripDeviation] = microseconds(tcp.estimator.deviation)
        levels[.retransmissionTimeout] = microseconds(
            tcp.estimator.timeout(most: tcp.shared.options.maximumRetransmissionTimeout))
        levels[.backoff] = tcp.estimator.doublings
        // Not by `!=`, which is a call to another module.
        if case .open = tcp.recovery.state { return levels }
        levels[.sackedSegments] = tcp.recovery.sacked
        levels[.lostSegments] = tcp.recovery.lost
        levels[.pipe] = tcp.underWay
        return levels
    }

    private func microseconds(_ nanoseconds: Int64) -> Int32 { Int32(clamping: nanoseconds / 1_000) }
}
