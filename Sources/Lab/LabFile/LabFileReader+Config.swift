import PeerNetworking

extension LabFileReader {
    /// What a configuration is before its own keys change it, by name.
    static let presets: [(name: String, config: PeerConfig)] = [
        ("lan", .lan), ("wan", .wan), ("test", .test), ("simulation", .simulation), ("production", .production),
    ]
    /// The parts of a wait that may be drawn, by name.
    static let jitters: [(name: String, part: Double)] = [
        ("none", 0), ("equal", PeerConfig.Backoff.equalJitter), ("full", PeerConfig.Backoff.fullJitter),
    ]

    /// `config:`: a preset, and what differs from it. Ranges are ``PeerConfig/validate()``'s.
    mutating func readConfig(_ value: SourceValue) -> PeerConfig? {
        guard let fields = fields(value, "'config'", keys: Self.configKeys) else { return nil }
        // A key that is not known keeps nobody from looking at the others.
        let before = reported
        var config = fields["preset"].flatMap { readPreset($0) } ?? PeerConfig()
        readBounds(fields, into: &config)
        readTimeouts(fields, into: &config)
        readWriting(fields, into: &config)
        set(&config.reconnects, from: fields, "reconnects") { $0.boolean($1, $2) }
        if let value = fields["expects"] { config.expectedName = text(value, "expects", "a peer's name") }
        set(&config.maximumSessions, from: fields, "sessions") { $0.integer($1, $2, in: 0...Int.max) }
        var places = fields.values.mapValues(\.value.place)
        if let value = fields["heartbeat"] { readHeartbeat(value, into: &config, places: &places) }
        if let value = fields["backoff"] { readBackoff(value, into: &config.backoff, places: &places) }
        if let value = fields["breaker"] { readBreaker(value, into: &config, places: &places) }
        // What could not be read is not judged, nor what depends on it.
        guard reported == before, !fields.meant.contains("preset") else { return nil }
        for violation in config.validate() {
            if fields.meant.contains(where: { violation.description.contains($0) }) { continue }
            // The place of the field, or of the nearest mapping around it that is given.
            let parent = violation.field.prefix { $0 != "." }
            let place = places[violation.field] ?? places[String(parent)] ?? value.place
            report(place, violation.description)
        }
        return reported == before && fields.isWhole ? config : nil
    }

    private static let configKeys = [
        "preset", "queue", "queue-bytes", "high-water", "low-water", "inbox", "inbox-bytes", "maximum-payload",
        "connect-timeout", "handshake-timeout", "read-timeout", "write-timeout", "idle-timeout", "close-timeout",
        "reconnects", "batch", "batch-bytes", "linger", "heartbeat", "backoff", "breaker", "expects", "sessions",
    ]

    /// How much is held, here and by the other side.
    private mutating func readBounds(_ fields: SourceFields, into config: inout PeerConfig) {
        set(&config.queueCapacity, from: fields, "queue") { $0.integer($1, $2, in: 0...Int.max) }
        set(&config.queueBytes, from: fields, "queue-bytes") { $0.size($1, $2).map { Int($0) } }
        set(&config.highWater, from: fields, "high-water") { $0.number($1, $2, in: 0...1) }
        set(&config.lowWater, from: fields, "low-water") { $0.number($1, $2, in: 0...1) }
        set(&config.inbox, from: fields, "inbox") { $0.integer($1, $2, in: 0...Int.max) }
        set(&config.inboxBytes, from: fields, "inbox-bytes") { $0.size($1, $2).map { Int($0) } }
        set(&config.maximumPayload, from: fields, "maximum-payload") { $0.size($1, $2).map { Int($0) } }
    }

    private mutating func readTimeouts(_ fields: SourceFields, into config: inout PeerConfig) {
        set(&config.connectTimeout, from: fields, "connect-timeout") { $0.span($1, $2) }
        set(&config.handshakeTimeout, from: fields, "handshake-timeout") { $0.span($1, $2) }
        set(&config.readTimeout, from: fields, "read-timeout") { $0.spanOrOff($1, $2) }
        set(&config.writeTimeout, from: fields, "write-timeout") { $0.spanOrOff($1, $2) }
        set(&config.idleTimeout, from: fields, "idle-timeout") { $0.spanOrOff($1, $2) }
        set(&config.closeTimeout, from: fields, "close-timeout") { $0.span($1, $2) }
    }

    private mutating func readWriting(_ fields: SourceFields, into config: inout PeerConfig) {
        set(&config.batch, from: fields, "batch") { $0.integer($1, $2, in: 0...Int.max) }
        set(&config.batchBytes, from: fields, "batch-bytes") { $0.size($1, $2).map { Int($0) } }
        set(&config.linger, from: fields, "linger") { $0.span($1, $2) }
    }

    private mutating func set<Value>(
        _ target: inout Value, from fields: SourceFields, _ name: String,
        _ read: (inout LabFileReader, SourceValue, String) -> Value?
    ) {
        if let value = fields[name], let read = read(&self, value, name) { target = read }
    }

    private mutating func span(_ value: SourceValue, _ what: String) -> Duration? {
        duration(value, what).map { .nanoseconds($0) }
    }

    /// A time, or `off` for none: something was read, and it may be nothing.
    private mutating func spanOrOff(_ value: SourceValue, _ what: String) -> Duration?? {
        if case .scalar("off") = value.content { return .some(nil) }
        return span(value, what).map { .some($0) }
    }

    private mutating func readPreset(_ value: SourceValue) -> PeerConfig? {
        let names = Self.presets.map(\.name)
        guard let name = text(value, "preset", listing(names, "or")) else { return nil }
        if let preset = Self.presets.first(where: { $0.name == name }) { return preset.config }
        reportUnknown("preset", name, at: value.place, known: names, of: "'preset'")
        return nil
    }

    private mutating func readHeartbeat(
        _ value: SourceValue, into config: inout PeerConfig, places: inout [String: Place]
    ) {
        if isOff(value, "heartbeat", or: "{interval: 1s, timeout: 2s}") {
            config.heartbeat = nil
            return
        }
        let keys = ["interval", "timeout", "phi", "reconnect-below"]
        guard let fields = fields(value, "'heartbeat'", keys: keys) else { return }
        var heartbeat = config.heartbeat ?? PeerConfig.Heartbeat()
        set(&heartbeat.interval, from: fields, "interval") { $0.span($1, $2) }
        set(&heartbeat.timeout, from: fields, "timeout") { $0.span($1, $2) }
        if let value = fields["phi"] { readPhiAccrual(value, into: &heartbeat, places: &places) }
        if let value = fields["reconnect-below"] {
            heartbeat.reconnectBelow = number(value, "reconnect-below", in: 0...1)
        }
        config.heartbeat = heartbeat
        note(fields, of: "heartbeat", in: &places)
    }

    /// `phi: 8`, or all that it has.
    private mutating func readPhiAccrual(
        _ value: SourceValue, into heartbeat: inout PeerConfig.Heartbeat, places: inout [String: Place]
    ) {
        var phi = heartbeat.phiAccrual ?? PeerConfig.PhiAccrual()
        if case .scalar = value.content {
            if let threshold = number(value, "phi", in: 1...16) { phi.threshold = threshold }
        } else if let fields = fields(value, "'phi'", keys: ["threshold", "window", "minimum-deviation"]) {
            set(&phi.threshold, from: fields, "threshold") { $0.number($1, $2, in: 1...16) }
            set(&phi.window, from: fields, "window") { $0.integer($1, $2, in: 0...Int.max) }
            set(&phi.minimumDeviation, from: fields, "minimum-deviation") { $0.span($1, $2) }
            note(fields, of: "heartbeat.phi", in: &places)
        }
        heartbeat.phiAccrual = phi
    }

    private mutating func readBreaker(
        _ value: SourceValue, into config: inout PeerConfig, places: inout [String: Place]
    ) {
        if isOff(value, "breaker", or: "{failures: 5, open-for: 10s, probes: 1}") {
            config.breaker = nil
            return
        }
        guard let fields = fields(value, "'breaker'", keys: ["failures", "open-for", "probes"]) else { return }
        var breaker = config.breaker ?? PeerConfig.Breaker()
        set(&breaker.failures, from: fields, "failures") { $0.integer($1, $2, in: 0...Int.max) }
        set(&breaker.openFor, from: fields, "open-for") { $0.span($1, $2) }
        set(&breaker.probes, from: fields, "probes") { $0.integer($1, $2, in: 0...Int.max) }
        config.breaker = breaker
        note(fields, of: "breaker", in: &places)
    }

    /// Whether a value is `off`; a word that is not is reported, and counts as off.
    private mutating func isOff(_ value: SourceValue, _ what: String, or example: String) -> Bool {
        guard case .scalar(let text) = value.content else { return false }
        if text != "off" { report(value.place, "'\(what)' must be off or \(example), not \(quoted(text))") }
        return true
    }

    private mutating func readBackoff(
        _ value: SourceValue, into backoff: inout PeerConfig.Backoff, places: inout [String: Place]
    ) {
        let keys = ["growth", "initial", "maximum", "jitter", "reset-after", "attempts"]
        guard let fields = fields(value, "'backoff'", keys: keys) else { return }
        if let value = fields["growth"] { readGrowth(value, into: &backoff) }
        set(&backoff.initial, from: fields, "initial") { $0.span($1, $2) }
        set(&backoff.maximum, from: fields, "maximum") { $0.span($1, $2) }
        if let value = fields["jitter"] { readJitter(value, into: &backoff) }
        set(&backoff.resetAfter, from: fields, "reset-after") { $0.span($1, $2) }
        if let value = fields["attempts"] { backoff.attempts = integer(value, "attempts", in: 0...Int.max) }
        note(fields, of: "backoff", in: &places)
    }

    private mutating func readGrowth(_ value: SourceValue, into backoff: inout PeerConfig.Backoff) {
        let known = PeerConfig.Backoff.Growth.allCases.map(\.rawValue)
        guard let name = text(value, "growth", listing(known, "or")) else { return }
        guard let growth = PeerConfig.Backoff.Growth(rawValue: name) else {
            return reportUnknown("growth", name, at: value.place, known: known, of: "'growth'")
        }
        backoff.growth = growth
    }

    /// The part that is drawn, or what the field calls it.
    private mutating func readJitter(_ value: SourceValue, into backoff: inout PeerConfig.Backoff) {
        if case .scalar(let text) = value.content, let jitter = Self.jitters.first(where: { $0.name == text }) {
            backoff.jitter = jitter.part
        } else if let part = number(value, "jitter", in: 0...1) {
            backoff.jitter = part
        }
    }

    private func note(_ fields: SourceFields, of parent: String, in places: inout [String: Place]) {
        for field in fields.values.values { places["\(parent).\(field.name)"] = field.value.place }
    }
}
