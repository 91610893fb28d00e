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
    ) -> [(knob: String, value: String)] {
        var turned: [(knob: String, value: String)] = []
        func turn<Value>(_ knob: StaticString, _ values: [Value], _ set: (Value) -> Void) {
            guard let choice = choose(knob, values.count) else { return }
            set(values[choice])
            turned.append(("\(knob)", PeerConfig.text(of: values[choice])))
        }
        // The connection's handshake takes a round trip, the peers' own another one and a half.
        let shortest = max(roundTrip * 3, .milliseconds(1)) + .milliseconds(1)
        turn("queue", [1, 2, 10_000]) { queueCapacity = $0 }
        turn("batch", [1, 1_024]) { batch = $0 }
        // Nothing makes a peer take longer to recover than its configuration says.
        if shortest < connectTimeout { turn("connect-timeout", [shortest]) { connectTimeout = $0 } }
        turn("backoff.initial", [.milliseconds(1), backoff.maximum]) { backoff.initial = $0 }
        turn("backoff.jitter", [0, 1]) { backoff.jitter = $0 }
        turn("backoff.reset-after", [.zero, .seconds(60)]) { backoff.resetAfter = $0 }
        if let usual = heartbeat, shortest * 2 < usual.timeout {
            turn("heartbeat", [Heartbeat(interval: shortest, timeout: shortest * 2)]) { heartbeat = $0 }
        }
        return turned
    }
    /// A knob's value as lab files write it.
    private static func text<Value>(of value: Value) -> String {
        switch value {
        case let duration as Duration: text(of: duration)
        case let heartbeat as Heartbeat:
            "{interval: \(text(of: heartbeat.interval)), timeout: \(text(of: heartbeat.timeout))}"
        default: "\(value)"
        }
    }

    /// A duration in the largest unit that it is a whole number of.
    private static func text(of duration: Duration) -> String {
        let nanoseconds = duration.inNanoseconds
        let units: [(Int64, String)] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")]
        let unit = units.first { nanoseconds % $0.0 == 0 } ?? (1, "ns")
        return "\(nanoseconds / unit.0)\(unit.1)"
    }
}
