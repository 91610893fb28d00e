extension PeerConfig {
    /// Checks every field.
    ///
    /// - Returns: the fields that are out of range, in the order of their declaration; none for a valid configuration.
    public func validate() -> [ConfigViolation] {
        var check = FieldChecks()
        checkBounds(&check)
        checkTimeouts(&check)
        checkBackoff(&check)
        checkBreaker(&check)
        checkHeartbeat(&check)
        check(expectedName, "expects", "a name of 1…255 bytes") { (1...255).contains($0.utf8.count) }
        check(maximumSessions, in: 1...1_000_000, "sessions", "1…1000000")
        check(ledger, "ledger", "1…1000000 messages") { (1...1_000_000).contains($0) }
        check(batch, in: 1...1_024, "batch", "1…1024 frames")
        check(batchBytes, in: 1...16_777_216, "batch-bytes", "1 B…16 MiB")
        check(linger, in: .zero ... .seconds(1), "linger", "0s…1s")
        return check.violations
    }

    private func checkBounds(_ check: inout FieldChecks) {
        // Where the payload's own bound is wrong, the others are held against the widest one.
        let payload = min(max(maximumPayload, 1), 16_777_216)
        let most = 1_073_741_824
        check(queueCapacity, in: 1...1_000_000, "queue", "1…1000000 messages")
        check(queueBytes, in: payload...most, "queue-bytes", "maximum-payload…1024 MiB")
        check(highWater > lowWater && highWater <= 1, "high-water", "more than low-water, at most 1")
        check(lowWater, in: 0...1, "low-water", "0 to less than high-water")
        check(inbox, in: 1...1_000_000, "inbox", "1…1000000 messages")
        check(inboxBytes, in: payload...most, "inbox-bytes", "maximum-payload…1024 MiB")
        check(maximumPayload, in: 1...16_777_216, "maximum-payload", "1 B…16 MiB")
    }

    private func checkTimeouts(_ check: inout FieldChecks) {
        check(connectTimeout, in: Self.wait, "connect-timeout", "1ms…60m")
        check(handshakeTimeout, in: Self.wait, "handshake-timeout", "1ms…60m")
        for (timeout, field) in [
            (readTimeout, "read-timeout"), (writeTimeout, "write-timeout"), (idleTimeout, "idle-timeout"),
        ] {
            check(timeout, field, "1ms…1440m") { (.milliseconds(1) ... .seconds(86_400)).contains($0) }
        }
        check(closeTimeout, in: Self.pause, "close-timeout", "0s…60m")
    }

    private func checkBackoff(_ check: inout FieldChecks) {
        check(backoff.initial, in: Self.wait, "backoff.initial", "1ms…60m")
        check(
            backoff.maximum >= backoff.initial && backoff.maximum <= Self.wait.upperBound, "backoff.maximum",
            "backoff.initial…60m")
        check(backoff.jitter, in: 0...1, "backoff.jitter", "0…1")
        check(backoff.resetAfter, in: Self.pause, "backoff.reset-after", "0s…60m")
        check(backoff.attempts, "backoff.attempts", "1…1000000") { (1...1_000_000).contains($0) }
    }

    private func checkBreaker(_ check: inout FieldChecks) {
        guard let breaker else { return }
        check(breaker.failures, in: 1...1_000_000, "breaker.failures", "1…1000000")
        check(breaker.openFor, in: Self.wait, "breaker.open-for", "1ms…60m")
        check(breaker.probes, in: 1...1_000, "breaker.probes", "1…1000")
    }

    private func checkHeartbeat(_ check: inout FieldChecks) {
        guard let heartbeat else { return }
        check(heartbeat.interval, in: Self.wait, "heartbeat.interval", "1ms…60m")
        check(
            heartbeat.timeout > heartbeat.interval && heartbeat.timeout <= .seconds(86_400), "heartbeat.timeout",
            "more than heartbeat.interval, at most 1440m")
        if let phi = heartbeat.phiAccrual {
            check(phi.threshold, in: 1...16, "heartbeat.phi.threshold", "1…16")
            check(phi.window, in: 2...1_000, "heartbeat.phi.window", "2…1000 answers")
            check(phi.minimumDeviation, in: Self.pause, "heartbeat.phi.minimum-deviation", "0s…60m")
        }
        check(heartbeat.reconnectBelow, "heartbeat.reconnect-below", "0…1") { (0...1).contains($0) }
    }

    private static let wait = Duration.milliseconds(1) ... .seconds(3_600)
    private static let pause = Duration.zero ... .seconds(3_600)
}

/// Collects the fields that are not as they must be.
private struct FieldChecks {
    private(set) var violations: [ConfigViolation] = []

    mutating func callAsFunction(_ holds: Bool, _ field: String, _ allowed: String) {
        if !holds { violations.append(ConfigViolation(field: field, allowed: allowed)) }
    }

    mutating func callAsFunction<Value>(
        _ value: Value, in range: ClosedRange<Value>, _ field: String, _ allowed: String
    ) {
        self(range.contains(value), field, allowed)
    }

    /// One that may be left out.
    mutating func callAsFunction<Value>(
        _ value: Value?, _ field: String, _ allowed: String, _ holds: (Value) -> Bool
    ) {
        self(value.map(holds) ?? true, field, allowed)
    }
}
