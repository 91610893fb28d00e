extension LabFileReader {
    private static let workloads = ["echo", "ping-pong", "flood", "sink", "bulk"]
    /// As for a frame's payload.
    private static let messageSizes = Int64(0)...Int64(16_777_216)

    /// `run:`: a workload's name, or a mapping from the name to its parameters.
    mutating func readWorkload(_ fields: SourceFields) -> WorkloadDefinition? {
        guard let value = require(fields, "run", of: "a peer") else { return nil }
        switch value.content {
        case .scalar:
            guard let name = text(value, "run", "a workload") else { return nil }
            return workload(name, at: value.place, SourceFields(place: value.place))
        case .mapping(let pairs) where pairs.count == 1:
            let field = pairs[0]
            let keys: [String]
            switch field.name {
            case "ping-pong", "flood": keys = ["every", "size", "count"]
            case "bulk": keys = ["bytes"]
            default: keys = []
            }
            guard Self.workloads.contains(field.name), !field.value.isNull else {
                return workload(field.name, at: field.place, SourceFields(place: field.place))
            }
            if keys.isEmpty, case .mapping(let parameters) = field.value.content, let first = parameters.first {
                report(first.place, "\(field.name) has no parameters; write 'run: \(field.name)'")
                return nil
            }
            guard let parameters = self.fields(field.value, field.name, keys: keys) else { return nil }
            return workload(field.name, at: field.place, parameters)
        default:
            report(value.place, "'run' must be one workload: \(listing(Self.workloads, "or")), not \(value.kind)")
            return nil
        }
    }

    private mutating func workload(_ name: String, at place: Place, _ fields: SourceFields) -> WorkloadDefinition? {
        switch name {
        case "echo": return .echo
        case "sink": return .sink
        case "ping-pong":
            guard let parameters = messages(fields, every: 100_000_000) else { return nil }
            return .pingPong(every: parameters.every, size: parameters.size, count: parameters.count)
        case "flood":
            guard let parameters = messages(fields, every: 0) else { return nil }
            return .flood(every: parameters.every, size: parameters.size, count: parameters.count)
        case "bulk":
            guard let value = fields["bytes"] else { return .bulkReceive }
            return size(value, "bytes", in: 1...1_099_511_627_776).map { .bulkSend(bytes: UInt64($0)) }
        default:
            reportUnknown("workload", name, at: place, known: Self.workloads, of: "'run'")
            return nil
        }
    }

    private mutating func messages(
        _ fields: SourceFields, every usual: Int64
    ) -> (every: Int64, size: Int, count: UInt64)? {
        var parameters = (every: usual, size: 64, count: UInt64(0))
        var isRight = true
        if let value = fields["every"] {
            let every = duration(value, "every", in: 0...3_600_000_000_000)
            isRight = every != nil
            parameters.every = every ?? usual
        }
        if let value = fields["size"] {
            let size = bytes(value, "size", in: Self.messageSizes).map { Int($0) }
            isRight = isRight && size != nil
            parameters.size = size ?? 64
        }
        if let value = fields["count"] {
            let count = integer(value, "count", in: 0...Int.max)
            isRight = isRight && count != nil
            parameters.count = UInt64(count ?? 0)
        }
        return isRight ? parameters : nil
    }
}
