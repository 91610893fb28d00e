import SimNetwork

// What links do to segments: the values of `links:`, and of the faults that change them.
extension LabFileReader {
    private static let distributions = ["constant", "uniform", "normal", "exponential", "bimodal", "pareto"]
    /// An hour: a thousandfold of it, as `pareto` may draw, is still far from overflow.
    private static let latencies = Int64(0)...Int64(3_600_000_000_000)

    /// The keys of a link, or of one of its directions.
    static let shapeKeys = ["latency", "loss", "duplicate", "reorder", "corrupt", "bandwidth", "queue", "mtu"]

    /// - Parameter around: the fields of the link, where these are of one of its directions.
    mutating func readProperties(
        _ fields: SourceFields, into properties: inout LinkProperties, around: SourceFields? = nil
    ) {
        if let value = fields["latency"], let latency = latency(value) { properties.latency = latency }
        if let value = fields["loss"], let loss = loss(value) { properties.loss = loss }
        if let value = fields["duplicate"], let chance = probability(value, "duplicate") {
            properties.duplicate = chance
        }
        if let value = fields["reorder"], let reorder = reordering(value) { properties.reorder = reorder }
        if let value = fields["corrupt"], let corrupt = corruption(value) { properties.corrupt = corrupt }
        if let value = fields["bandwidth"], let rate = rate(value, "bandwidth") { properties.bandwidth = rate }
        if let value = fields["queue"] {
            readQueue(value, into: &properties)
            if properties.bandwidth == 0, ![fields, around].contains(where: { $0?.has("bandwidth") ?? false }) {
                report(value.place, "'queue' is the queue before a line; give its 'bandwidth' too")
            }
        }
        if let value = fields["mtu"] { readMTU(value, into: &properties) }
    }

    // MARK: Latency

    mutating func latency(_ value: SourceValue, _ what: String = "latency") -> Latency? {
        if case .scalar = value.content { return delay(value, what).map { .constant($0) } }
        guard case .mapping(let pairs) = value.content, pairs.count == 1, let field = pairs.first else {
            let names = listing(Self.distributions, "or")
            report(value.place, "'\(what)' must be a duration or one of \(names), not \(value.kind)")
            return nil
        }
        switch field.name {
        case "constant":
            return delay(field.value, "constant").map { .constant($0) }
        case "exponential":
            return delay(field.value, "exponential").map { .exponential(mean: $0) }
        case "uniform":
            guard let items = parameters(field, "[1ms, 5ms]", count: 2...2), let low = delay(items[0], "uniform"),
                let high = delay(items[1], "uniform")
            else { return nil }
            guard low <= high else {
                report(items[1].place, "'uniform' must have the lower bound first")
                return nil
            }
            return .uniform(low, high)
        case "normal":
            guard let items = parameters(field, "[mean, deviation]", count: 2...2),
                let mean = delay(items[0], "normal"), let deviation = delay(items[1], "normal")
            else { return nil }
            return .normal(mean: mean, deviation: deviation)
        case "bimodal":
            guard let items = parameters(field, "[1ms, 50ms, 0.1]", count: 3...3),
                let first = delay(items[0], "bimodal"), let second = delay(items[1], "bimodal"),
                let chance = probability(items[2], "bimodal")
            else { return nil }
            return .bimodal(first, second, second: chance)
        case "pareto":
            guard let items = parameters(field, "[1ms, 1.5]", count: 2...2), let least = delay(items[0], "pareto"),
                let shape = number(items[1], "pareto", in: 0.1...100)
            else { return nil }
            return .pareto(least: least, shape: shape)
        default:
            reportUnknown("latency", field.name, at: field.place, known: Self.distributions, of: "a link")
            return nil
        }
    }

    private mutating func delay(_ value: SourceValue, _ what: String) -> Int64? {
        duration(value, what, in: Self.latencies)
    }

    private mutating func parameters(
        _ field: SourceField, _ example: String, count: ClosedRange<Int>
    ) -> [SourceValue]? {
        if case .sequence(let items) = field.value.content, count.contains(items.count) { return items }
        let counts =
            count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count.lowerBound) or \(count.upperBound)"
        report(field.value.place, "'\(field.name)' must be a list of \(counts), as in \(example)")
        return nil
    }

    // MARK: Loss, order, damage

    /// A probability, or `{burst: [p, r]}` with the loss in the good and in the bad state behind them.
    mutating func loss(_ value: SourceValue, _ what: String = "loss") -> LossModel? {
        guard case .mapping(let pairs) = value.content else {
            return probability(value, what).map { .independent($0) }
        }
        guard pairs.count == 1, let field = pairs.first, field.name == "burst" else {
            report(value.place, "'\(what)' must be a probability or {burst: [p, r]}")
            return nil
        }
        guard let items = parameters(field, "[0.01, 0.3], or [0.01, 0.3, 0, 1]", count: 2...4), items.count != 3 else {
            if case .sequence(let items) = field.value.content, items.count == 3 {
                report(field.value.place, "'burst' must be a list of 2 or 4, as in [0.01, 0.3, 0, 1]")
            }
            return nil
        }
        let chances = items.compactMap { probability($0, "burst") }
        guard chances.count == items.count else { return nil }
        var model = GilbertElliott(toBad: chances[0], toGood: chances[1])
        if chances.count == 4 { (model.lossWhenGood, model.lossWhenBad) = (chances[2], chances[3]) }
        return .burst(model)
    }

    /// `{probability: P, by: DURATION}`, or `[P, DURATION]`.
    private mutating func reordering(_ value: SourceValue) -> Reordering? {
        let chance: SourceValue
        let extra: SourceValue
        if case .sequence(let items) = value.content, items.count == 2 {
            (chance, extra) = (items[0], items[1])
        } else {
            guard let fields = fields(value, "'reorder'", keys: ["probability", "by"]),
                let first = require(fields, "probability", of: "reorder"),
                let second = require(fields, "by", of: "reorder")
            else { return nil }
            (chance, extra) = (first, second)
        }
        guard let chance = probability(chance, "reorder"), let extra = delay(extra, "by") else { return nil }
        return Reordering(chance, by: extra)
    }

    /// A probability of damage that checksums find, or `{caught: P, uncaught: P}`.
    private mutating func corruption(_ value: SourceValue) -> Corruption? {
        if case .scalar = value.content { return probability(value, "corrupt").map { Corruption(caught: $0) } }
        guard let fields = fields(value, "'corrupt'", keys: ["caught", "uncaught"]) else { return nil }
        let caught = fields["caught"].map { probability($0, "caught") } ?? .never
        let uncaught = fields["uncaught"].map { probability($0, "uncaught") } ?? .never
        guard let caught, let uncaught else { return nil }
        return Corruption(caught: caught, uncaught: uncaught)
    }

    // MARK: Sizes and rates

    mutating func rate(_ value: SourceValue, _ what: String = "rate") -> Int64? {
        quantity(value, what, .rate, in: ActionForm.Operand.Kind.rates)
    }

    /// Bytes, or what the queue does beside: `{bytes: 64KiB, discipline: red, marks: yes}`.
    private mutating func readQueue(_ value: SourceValue, into properties: inout LinkProperties) {
        guard case .mapping = value.content else {
            if let bytes = bytes(value, "queue", in: Self.queues) { properties.queue = bytes }
            return
        }
        guard let form = ActionForm.named("queue").first,
            let fields = fields(
                value, "'queue'", keys: ["bytes"] + form.keys.filter { $0 != "link" && $0 != "direction" })
        else { return }
        if let value = fields["bytes"], let bytes = bytes(value, "bytes", in: Self.queues) { properties.queue = bytes }
        guard fields.values.keys.contains(where: { $0 != "bytes" }) else { return }
        var link = Operands()
        link["link"] = .link(LinkID(0))
        guard let operands = readOperands(form, fields, beside: link) else { return }
        do throws(OperandProblem) {
            let discipline = try QueueDiscipline(operands)
            if let problem = discipline.problem { throw problem }
            properties.discipline = discipline
        } catch {
            report(error.operand.map { fields.place(of: $0) } ?? fields.place, error.message)
        }
    }

    /// Up to a gibibyte.
    private static let queues = Int64(0)...Int64(1_073_741_824)

    /// Bytes, or what becomes of larger packets beside: `{bytes: 1200, tells: no}`.
    private mutating func readMTU(_ value: SourceValue, into properties: inout LinkProperties) {
        let sizes = LinkProperties.mtus
        guard case .mapping = value.content else {
            if let bytes = bytes(value, "mtu", in: sizes) { properties.mtu = Int32(bytes) }
            return
        }
        guard let fields = fields(value, "'mtu'", keys: ["bytes", "tells"]),
            let size = require(fields, "bytes", of: "mtu"), let bytes = bytes(size, "bytes", in: sizes)
        else { return }
        properties.mtu = Int32(bytes)
        if let value = fields["tells"], let tells = boolean(value, "tells") { properties.tellsMTU = tells }
    }
}
