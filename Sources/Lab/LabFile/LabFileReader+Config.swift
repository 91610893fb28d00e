import PeerNetworking

extension LabFileReader {
    private static let presets = ["lan", "wan", "test"]

    /// `config:`: a preset, and what differs from it. Ranges are ``PeerConfig/validate()``'s.
    mutating func readConfig(_ value: SourceValue) -> PeerConfig? {
        let keys = [
            "preset", "queue", "maximum-payload", "connect-timeout", "reconnects", "batch", "heartbeat", "backoff",
        ]
        let before = reported
        guard let fields = fields(value, "'config'", keys: keys) else { return nil }
        var config = fields["preset"].flatMap { readPreset($0) } ?? PeerConfig()
        set(&config.queueCapacity, from: fields, "queue") { $0.integer($1, $2, in: 0...Int.max) }
        set(&config.maximumPayload, from: fields, "maximum-payload") { $0.size($1, $2).map { Int($0) } }
        set(&config.connectTimeout, from: fields, "connect-timeout") { $0.span($1, $2) }
        set(&config.reconnects, from: fields, "reconnects") { $0.boolean($1, $2) }
        set(&config.batch, from: fields, "batch") { $0.integer($1, $2, in: 0...Int.max) }
        var places = fields.values.mapValues(\.value.place)
        if let value = fields["heartbeat"] { readHeartbeat(value, into: &config, places: &places) }
        if let value = fields["backoff"] { readBackoff(value, into: &config.backoff, places: &places) }
        guard reported == before else { return nil }
        for violation in config.validate() {
            // The place of the field, or of the nearest mapping around it that is given.
            let parent = violation.field.prefix { $0 != "." }
            let place = places[violation.field] ?? places[String(parent)] ?? value.place
            report(place, violation.description)
        }
        return reported == before ? config : nil
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

    private mutating func readPreset(_ value: SourceValue) -> PeerConfig? {
        guard let name = text(value, "preset", listing(Self.presets, "or")) else { return nil }
        switch name {
        case "lan": return .lan
        case "wan": return .wan
        case "test": return .test
        default:
            reportUnknown("preset", name, at: value.place, known: Self.presets, of: "'preset'")
            return nil
        }
    }

    private mutating func readHeartbeat(
        _ value: SourceValue, into config: inout PeerConfig, places: inout [String: Place]
    ) {
        if case .scalar(let text) = value.content {
            if text == "off" {
                config.heartbeat = nil
            } else {
                report(value.place, "'heartbeat' must be off or {interval: 1s, timeout: 2s}, not \(quoted(text))")
            }
            return
        }
        guard let fields = fields(value, "'heartbeat'", keys: ["interval", "timeout"]) else { return }
        var heartbeat = config.heartbeat ?? PeerConfig.Heartbeat()
        set(&heartbeat.interval, from: fields, "interval") { $0.span($1, $2) }
        set(&heartbeat.timeout, from: fields, "timeout") { $0.span($1, $2) }
        config.heartbeat = heartbeat
        note(fields, of: "heartbeat", in: &places)
    }

    private mutating func readBackoff(
        _ value: SourceValue, into backoff: inout PeerConfig.Backoff, places: inout [String: Place]
    ) {
        let keys = ["initial", "maximum", "jitter", "reset-after", "attempts"]
        guard let fields = fields(value, "'backoff'", keys: keys) else { return }
        set(&backoff.initial, from: fields, "initial") { $0.span($1, $2) }
        set(&backoff.maximum, from: fields, "maximum") { $0.span($1, $2) }
        set(&backoff.jitter, from: fields, "jitter") { $0.number($1, $2, in: 0...1) }
        set(&backoff.resetAfter, from: fields, "reset-after") { $0.span($1, $2) }
        if let value = fields["attempts"] { backoff.attempts = integer(value, "attempts", in: 0...Int.max) }
        note(fields, of: "backoff", in: &places)
    }

    private func note(_ fields: SourceFields, of parent: String, in places: inout [String: Place]) {
        for field in fields.values.values { places["\(parent).\(field.name)"] = field.value.place }
    }
}
