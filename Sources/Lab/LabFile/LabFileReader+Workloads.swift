import PeerNetworking

extension LabFileReader {
    private static let workloads = [
        "echo", "ping-pong", "flood", "sink", "bulk", "request-response", "publish-subscribe", "work-queue",
        "heartbeat-mesh",
    ]
    /// Those with a side that listens and one that connects, under one name.
    static let twoSided = ["request-response", "publish-subscribe", "work-queue"]
    /// As for a frame's payload.
    static let messageSizes = Int64(0)...Int64(16_777_216)

    /// `run:`: a workload's name, or a mapping from the name to its parameters.
    mutating func readWorkload(_ fields: SourceFields) -> WorkloadDefinition? {
        guard let value = require(fields, "run", of: "a peer") else { return nil }
        var connects = fields["connect"] != nil
        if !connects, fields["listen"] == nil, case .mapping(let pairs) = value.content, pairs.count == 1,
            case .mapping(let parameters) = pairs[0].value.content
        {
            // Which side it is to be is not said: its parameters tell.
            let own = Self.keys(of: pairs[0].name, connects: false)
            connects = parameters.contains { !own.contains($0.name) }
        }
        switch value.content {
        case .scalar:
            guard let name = text(value, "run", "a workload") else { return nil }
            return workload(name, at: value.place, SourceFields(place: value.place), connects: connects)
        case .mapping(let pairs) where pairs.count == 1:
            let field = pairs[0]
            let keys = Self.keys(of: field.name, connects: connects)
            guard Self.workloads.contains(field.name), !field.value.isNull else {
                let none = SourceFields(place: field.place)
                return workload(field.name, at: field.place, none, connects: connects)
            }
            if keys.isEmpty, case .mapping(let parameters) = field.value.content, let first = parameters.first {
                let hint = connects ? "" : " that listens"
                let name = ["echo", "sink"].contains(field.name) ? field.name : "a \(field.name)\(hint)"
                report(first.place, "\(name) has no parameters; write 'run: \(field.name)'")
                return nil
            }
            let side = Self.twoSided.contains(field.name) ? " that \(connects ? "connects" : "listens")" : ""
            guard let parameters = self.fields(field.value, field.name + side, keys: keys) else { return nil }
            return workload(field.name, at: field.place, parameters, connects: connects)
        default:
            report(value.place, "'run' must be one workload: \(listing(Self.workloads, "or")), not \(value.kind)")
            return nil
        }
    }

    /// The parameters of a workload; of one with two sides, of the side that connects or the one that listens.
    private static func keys(of workload: String, connects: Bool) -> [String] {
        switch workload {
        case "ping-pong", "flood": ["every", "size", "count", "delivery"]
        case "bulk": ["bytes"]
        case "request-response":
            connects ? ["every", "size", "count", "parallel", "timeout", "retries", "pool"] : ["takes"]
        case "publish-subscribe": connects ? ["publish", "subscribe", "every", "size", "count", "delivery"] : []
        case "work-queue": connects ? ["takes"] : ["jobs", "lease"]
        case "heartbeat-mesh": ["every", "suspect-after"]
        default: []
        }
    }

    private mutating func workload(
        _ name: String, at place: Place, _ fields: SourceFields, connects: Bool
    ) -> WorkloadDefinition? {
        switch name {
        case "echo": return .echo
        case "sink": return .sink
        case "ping-pong":
            return messages(fields, every: 100_000_000).map { .pingPong($0) }
        case "flood":
            return messages(fields, every: 0).map { .flood($0) }
        case "bulk":
            guard let value = fields["bytes"] else { return .bulkReceive }
            return size(value, "bytes", in: 1...1_099_511_627_776).map { .bulkSend(bytes: UInt64($0)) }
        case "request-response":
            return connects
                ? requests(fields).map { .requests($0) } : time(fields, "takes", 0).map { .answers(takes: $0) }
        case "publish-subscribe":
            return connects ? topics(fields) : .broker
        case "work-queue":
            return connects ? time(fields, "takes", 100_000_000).map { .worker(takes: $0) } : jobs(fields)
        case "heartbeat-mesh":
            return mesh(fields)
        default:
            reportUnknown("workload", name, at: place, known: Self.workloads, of: "'run'")
            return nil
        }
    }

    mutating func messages(_ fields: SourceFields, every usual: Int64) -> MessageLoad? {
        let before = reported
        var load = MessageLoad(every: usual)
        if let every = fields["every"].flatMap({ duration($0, "every", in: 0...3_600_000_000_000) }) {
            load.every = every
        }
        if let size = fields["size"].flatMap({ bytes($0, "size", in: Self.messageSizes) }) { load.size = Int(size) }
        if let count = fields["count"].flatMap({ integer($0, "count", in: 0...Int.max) }) { load.count = UInt64(count) }
        if let delivery = fields["delivery"].flatMap({ readDelivery($0) }) { load.delivery = delivery }
        return reported == before ? load : nil
    }

    private mutating func readDelivery(_ value: SourceValue) -> Delivery? {
        let known = Delivery.allCases.map(\.name)
        guard let name = text(value, "delivery", listing(known, "or")) else { return nil }
        guard let delivery = Delivery.allCases.first(where: { $0.name == name }) else {
            reportUnknown("delivery", name, at: value.place, known: known, of: "'delivery'")
            return nil
        }
        return delivery
    }
}

extension Delivery {
    /// The name in lab files.
    fileprivate var name: String {
        switch self {
        case .unreliable: "unreliable"
        case .reliable: "reliable"
        case .exactlyOnce: "exactly-once"
        }
    }
}
