import PeerNetworking

/// The workloads of several peers that play different parts.
extension LabFileReader {
    /// The longest that a workload may wait for something.
    private static let longest = Int64(3_600_000_000_000)

    /// A time, up to an hour, or the usual one where none is given; nil where something is wrong with it.
    mutating func time(_ fields: SourceFields, _ name: String, _ usual: Int64, least: Int64 = 0) -> Int64? {
        guard let value = fields[name] else { return usual }
        return duration(value, name, in: least...Self.longest)
    }

    private mutating func number(_ fields: SourceFields, _ name: String, _ usual: Int, in range: ClosedRange<Int>)
        -> Int?
    {
        guard let value = fields[name] else { return usual }
        return integer(value, name, in: range)
    }

    mutating func requests(_ fields: SourceFields) -> RequestLoad? {
        let before = reported
        var load = RequestLoad()
        if let every = time(fields, "every", load.every) { load.every = every }
        if let size = fields["size"].flatMap({ bytes($0, "size", in: 8...Self.messageSizes.upperBound) }) {
            load.size = Int(size)
        }
        if let count = number(fields, "count", 0, in: 0...Int.max) { load.count = UInt64(count) }
        if let parallel = number(fields, "parallel", load.parallel, in: 1...10_000) { load.parallel = parallel }
        if let timeout = time(fields, "timeout", load.timeout, least: 1_000_000) { load.timeout = timeout }
        if let retries = number(fields, "retries", load.retries, in: 0...1_000) { load.retries = retries }
        if let value = fields["pool"], let pool = readPool(value) { load.pool = pool }
        return reported == before ? load : nil
    }

    /// `pool: {minimum: 1, maximum: 4, selection: least-loaded, idle: 30s}`
    private mutating func readPool(_ value: SourceValue) -> ConnectionPool? {
        guard let fields = fields(value, "'pool'", keys: ["minimum", "maximum", "selection", "idle"]) else {
            return nil
        }
        let before = reported
        var pool = ConnectionPool()
        if let minimum = number(fields, "minimum", pool.minimum, in: 0...Int.max) { pool.minimum = minimum }
        if let maximum = number(fields, "maximum", max(pool.minimum, 1), in: 0...Int.max) { pool.maximum = maximum }
        if let value = fields["selection"] {
            let known = ConnectionPool.Selection.allCases.map(\.rawValue)
            if let name = text(value, "selection", listing(known, "or")) {
                if let selection = ConnectionPool.Selection(rawValue: name) {
                    pool.selection = selection
                } else {
                    reportUnknown("selection", name, at: value.place, known: known, of: "'selection'")
                }
            }
        }
        if let idle = fields["idle"].flatMap({ duration($0, "idle") }) { pool.idle = .nanoseconds(idle) }
        guard reported == before else { return nil }
        for violation in pool.validate() {
            let name = String(violation.field.dropFirst("pool.".count))
            report(fields[name]?.place ?? value.place, violation.description)
        }
        return reported == before ? pool : nil
    }

    /// `publish: TOPIC`, with what is published, or `subscribe: TOPIC` or a list of them.
    mutating func topics(_ fields: SourceFields) -> WorkloadDefinition? {
        switch (fields["publish"], fields["subscribe"]) {
        case (let publish?, nil):
            guard let topic = topic(publish, "publish") else { return nil }
            return messages(fields, every: 100_000_000).map { .publish(topic: topic, $0) }
        case (nil, let subscribe?):
            let before = reported
            for name in ["every", "size", "delivery"] {
                if let field = fields.values[name] {
                    report(field.place, "'\(name)' is for one that publishes")
                }
            }
            var topics: [String] = []
            if case .sequence = subscribe.content {
                for item in items(subscribe, "subscribe") ?? [] {
                    if let topic = topic(item, "subscribe") { topics.append(topic) }
                }
            } else if let topic = topic(subscribe, "subscribe") {
                topics.append(topic)
            }
            if topics.isEmpty, reported == before { report(subscribe.place, "'subscribe' needs a topic") }
            let count = number(fields, "count", 0, in: 0...Int.max) ?? 0
            return reported == before ? .subscribe(topics: topics, count: UInt64(count)) : nil
        default:
            report(
                fields.place,
                "a publish-subscribe that connects has one of 'publish' and 'subscribe', as in {subscribe: news}")
            return nil
        }
    }

    private mutating func topic(_ value: SourceValue, _ what: String) -> String? {
        guard let topic = text(value, what, "a topic") else { return nil }
        guard (1...255).contains(topic.utf8.count) else {
            report(value.place, "a topic has 1 to 255 bytes, not \(topic.utf8.count)")
            return nil
        }
        return topic
    }

    mutating func jobs(_ fields: SourceFields) -> WorkloadDefinition? {
        guard let jobs = number(fields, "jobs", 100, in: 1...1_000_000),
            let lease = time(fields, "lease", 1_000_000_000, least: 1_000_000)
        else { return nil }
        return .jobs(UInt64(jobs), lease: lease)
    }

    mutating func mesh(_ fields: SourceFields) -> WorkloadDefinition? {
        let before = reported
        guard let every = time(fields, "every", 100_000_000, least: 1_000_000),
            let suspect = time(fields, "suspect-after", every * 5, least: 1_000_000)
        else { return nil }
        if suspect <= every {
            report(fields["suspect-after"]?.place ?? fields.place, "'suspect-after' must be more than 'every'")
        }
        return reported == before ? .mesh(every: every, suspectAfter: suspect) : nil
    }
}
