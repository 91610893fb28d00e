import PeerNetworking

/// How a peer's configuration is written: by the preset from which the least has to be said.
enum ConfigNotation {
    /// The fields of `config:`; none for the usual one.
    static func fields(of config: PeerConfig) -> [SourceField] {
        let plain = difference(config, from: PeerConfig())
        let named = LabFileReader.presets.compactMap { preset in
            difference(config, from: preset.config).map { [SourceField("preset", preset.name)] + $0 }
        }
        return ([plain].compactMap(\.self) + named).min { $0.count < $1.count } ?? []
    }

    /// The fields that make one configuration of another; nil where none can.
    private static func difference(_ config: PeerConfig, from base: PeerConfig) -> [SourceField]? {
        guard config.ledger == base.ledger, config.expectedName != nil || base.expectedName == nil,
            let heartbeat = heartbeat(config, base), let backoff = backoff(config.backoff, base.backoff)
        else { return nil }
        var fields: [SourceField] = []
        func put<Value: Equatable>(_ name: String, _ path: KeyPath<PeerConfig, Value>, _ text: (Value) -> String) {
            let value = config[keyPath: path]
            if value != base[keyPath: path] { fields.append(SourceField(name, text(value))) }
        }
        func size(_ bytes: Int) -> String { Scale.size.text(Int64(bytes)) }
        func spanOrOff(_ time: Duration?) -> String { time.map(span) ?? "off" }
        put("queue", \.queueCapacity) { "\($0)" }
        put("queue-bytes", \.queueBytes, size)
        put("high-water", \.highWater, OperandWriter.text)
        put("low-water", \.lowWater, OperandWriter.text)
        put("inbox", \.inbox) { "\($0)" }
        put("inbox-bytes", \.inboxBytes, size)
        put("maximum-payload", \.maximumPayload, size)
        put("connect-timeout", \.connectTimeout, span)
        put("handshake-timeout", \.handshakeTimeout, span)
        put("read-timeout", \.readTimeout, spanOrOff)
        put("write-timeout", \.writeTimeout, spanOrOff)
        put("idle-timeout", \.idleTimeout, spanOrOff)
        put("close-timeout", \.closeTimeout, span)
        put("reconnects", \.reconnects) { "\($0)" }
        put("batch", \.batch) { "\($0)" }
        put("batch-bytes", \.batchBytes, size)
        put("linger", \.linger, span)
        put("expects", \.expectedName) { $0 ?? "" }
        put("sessions", \.maximumSessions) { "\($0)" }
        return fields + heartbeat + backoff + breaker(config.breaker, base.breaker)
    }

    private static func span(_ time: Duration) -> String { Scale.duration.text(time.inNanoseconds) }

    // MARK: Mappings within

    private static func heartbeat(_ config: PeerConfig, _ other: PeerConfig) -> [SourceField]? {
        if config.heartbeat == other.heartbeat { return [] }
        guard let heartbeat = config.heartbeat else { return [SourceField("heartbeat", "off")] }
        let base = other.heartbeat ?? PeerConfig.Heartbeat()
        // What a preset has and the configuration has not cannot be taken away.
        guard heartbeat.phiAccrual != nil || base.phiAccrual == nil,
            heartbeat.reconnectBelow != nil || base.reconnectBelow == nil
        else { return nil }
        var fields: [SourceField] = []
        if heartbeat.interval != base.interval { fields.append(SourceField("interval", span(heartbeat.interval))) }
        if heartbeat.timeout != base.timeout { fields.append(SourceField("timeout", span(heartbeat.timeout))) }
        if let phi = heartbeat.phiAccrual, phi != base.phiAccrual {
            fields.append(SourceField("phi", value(of: phi, base.phiAccrual ?? PeerConfig.PhiAccrual())))
        }
        if let score = heartbeat.reconnectBelow, score != base.reconnectBelow {
            fields.append(SourceField("reconnect-below", OperandWriter.text(of: score)))
        }
        return [SourceField("heartbeat", .fields(fields))]
    }

    private static func value(of phi: PeerConfig.PhiAccrual, _ base: PeerConfig.PhiAccrual) -> SourceValue {
        let threshold = OperandWriter.text(of: phi.threshold)
        if phi.window == base.window, phi.minimumDeviation == base.minimumDeviation { return .text(threshold) }
        var fields: [SourceField] = []
        if phi.threshold != base.threshold { fields.append(SourceField("threshold", threshold)) }
        if phi.window != base.window { fields.append(SourceField("window", "\(phi.window)")) }
        if phi.minimumDeviation != base.minimumDeviation {
            fields.append(SourceField("minimum-deviation", span(phi.minimumDeviation)))
        }
        return .fields(fields)
    }

    private static func breaker(_ breaker: PeerConfig.Breaker?, _ other: PeerConfig.Breaker?) -> [SourceField] {
        if breaker == other { return [] }
        guard let breaker else { return [SourceField("breaker", "off")] }
        let base = other ?? PeerConfig.Breaker()
        var fields: [SourceField] = []
        if breaker.failures != base.failures { fields.append(SourceField("failures", "\(breaker.failures)")) }
        if breaker.openFor != base.openFor { fields.append(SourceField("open-for", span(breaker.openFor))) }
        if breaker.probes != base.probes { fields.append(SourceField("probes", "\(breaker.probes)")) }
        return [SourceField("breaker", .fields(fields))]
    }

    private static func backoff(_ backoff: PeerConfig.Backoff, _ base: PeerConfig.Backoff) -> [SourceField]? {
        if backoff == base { return [] }
        guard backoff.attempts != nil || base.attempts == nil else { return nil }
        var fields: [SourceField] = []
        if backoff.growth != base.growth { fields.append(SourceField("growth", backoff.growth.rawValue)) }
        if backoff.initial != base.initial { fields.append(SourceField("initial", span(backoff.initial))) }
        if backoff.maximum != base.maximum { fields.append(SourceField("maximum", span(backoff.maximum))) }
        if backoff.jitter != base.jitter { fields.append(SourceField("jitter", jitter(backoff.jitter))) }
        if backoff.resetAfter != base.resetAfter {
            fields.append(SourceField("reset-after", span(backoff.resetAfter)))
        }
        if let attempts = backoff.attempts, attempts != base.attempts {
            fields.append(SourceField("attempts", "\(attempts)"))
        }
        return [SourceField("backoff", .fields(fields))]
    }

    private static func jitter(_ part: Double) -> String {
        LabFileReader.jitters.first { $0.part == part }?.name ?? OperandWriter.text(of: part)
    }
}
