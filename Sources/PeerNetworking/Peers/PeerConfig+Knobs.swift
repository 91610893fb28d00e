/// What a knob was turned to.
public enum KnobValue: Hashable, Sendable {
    /// So many.
    case count(Int)
    /// So many bytes.
    case bytes(Int)
    /// A part of a whole, 0…1.
    case fraction(Double)
    /// So long.
    case duration(Duration)
    /// How the other side is monitored.
    case heartbeat(PeerConfig.Heartbeat)
}

extension PeerConfig {
    /// Turns knobs to values that are extreme and valid: a queue of one message, a timeout just above the round trip.
    ///
    /// A peer that could talk before can talk afterwards; how often it may fail (`backoff.attempts`) and how large its
    /// messages are is left alone.
    ///
    /// - Parameters:
    ///   - roundTrip: the longest that the network needs for a question and its answer.
    ///   - choose: draws one of so many extremes of a knob; nil leaves the knob as it is.
    /// - Returns: the names of the knobs that were turned, as lab files write them, with their new values.
    public mutating func turnKnobs(
        roundTrip: Duration, _ choose: (StaticString, Int) -> Int?
    ) -> [(knob: String, value: KnobValue)] {
        var turned: [(knob: String, value: KnobValue)] = []
        // Of the extremes those that this configuration may have: what was valid stays valid.
        func turn<Value>(
            _ knob: StaticString, _ values: [Value], _ kind: (Value) -> KnobValue,
            _ set: (inout PeerConfig, Value) -> Void
        ) {
            let turnedTo = values.map { value in
                var config = self
                set(&config, value)
                return (value: value, config: config)
            }
            let valid = turnedTo.filter { $0.config.validate().isEmpty }
            guard !valid.isEmpty, let choice = choose(knob, valid.count) else { return }
            self = valid[choice].config
            turned.append(("\(knob)", kind(valid[choice].value)))
        }
        // The connection's handshake takes a round trip, the peers' own another one and a half.
        let shortest = max(roundTrip * 3, .milliseconds(1)) + .milliseconds(1)
        turn("queue", [1, 2, 10_000], KnobValue.count) { $0.queueCapacity = $1 }
        turn("inbox", [1, 2, 10_000], KnobValue.count) { $0.inbox = $1 }
        turn("batch", [1, 1_024], KnobValue.count) { $0.batch = $1 }
        turn("batch-bytes", [1], KnobValue.bytes) { $0.batchBytes = $1 }
        // Nothing makes a peer take longer to recover than its configuration says.
        if shortest < connectTimeout {
            turn("connect-timeout", [shortest], KnobValue.duration) { $0.connectTimeout = $1 }
        }
        turn("backoff.initial", [.milliseconds(1), backoff.maximum], KnobValue.duration) { $0.backoff.initial = $1 }
        turn("backoff.jitter", [0, 1], KnobValue.fraction) { $0.backoff.jitter = $1 }
        turn("backoff.reset-after", [.zero, .seconds(60)], KnobValue.duration) { $0.backoff.resetAfter = $1 }
        if let usual = heartbeat, shortest * 2 < usual.timeout {
            var tight = usual
            (tight.interval, tight.timeout) = (shortest, shortest * 2)
            turn("heartbeat", [tight], KnobValue.heartbeat) { $0.heartbeat = $1 }
        }
        return turned
    }
}
