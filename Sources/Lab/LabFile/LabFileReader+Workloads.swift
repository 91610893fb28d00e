import PeerNetworking
import Workloads

extension LabFileReader {
    /// `run:`: a workload's name, or a mapping from the name to its parameters.
    mutating func readWorkload(_ fields: SourceFields) -> WorkloadDefinition? {
        guard let value = require(fields, "run", of: "a peer") else { return nil }
        switch value.content {
        case .scalar:
            guard let name = text(value, "run", "a workload") else { return nil }
            return workload(name, at: value.place, SourceValue(place: value.place, content: .mapping([])), fields)
        case .mapping(let pairs) where pairs.count == 1:
            let field = pairs[0]
            let none = SourceValue(place: field.place, content: .mapping([]))
            return workload(field.name, at: field.place, field.value.isNull ? none : field.value, fields)
        case .mapping, .sequence:
            report(value.place, "'run' must be one workload: \(listing(workloads.names, "or")), not \(value.kind)")
            return nil
        }
    }

    private mutating func workload(
        _ name: String, at place: Place, _ given: SourceValue, _ fields: SourceFields
    ) -> WorkloadDefinition? {
        let sides = workloads[name]
        guard let type = side(sides, given, fields) else {
            reportUnknown("workload", name, at: place, known: workloads.names, of: "'run'")
            return nil
        }
        return read(type, given, fields, isOneOfTwo: sides.count > 1).map { WorkloadDefinition($0) }
    }

    /// The side of a workload that a peer is to run: the one that its endpoint says, and where it has none, its parameters.
    private func side(
        _ sides: [any Workload.Type], _ given: SourceValue, _ fields: SourceFields
    ) -> (any Workload.Type)? {
        guard sides.count > 1 else { return sides.first }
        var role = fields.has("connect") ? WorkloadRole.connects : .listens
        if !fields.has("connect"), !fields.has("listen"), case .mapping(let parameters) = given.content,
            let listening = sides.first(where: { $0.role == .listens })
        {
            let own = Self.parameterNames(of: listening)
            if parameters.contains(where: { !own.contains($0.name) }) { role = .connects }
        }
        return sides.first { $0.role == role }
    }

    private static func parameterNames<Kind: Workload>(of type: Kind.Type) -> [String] {
        parameterNames(of: Kind.Parameters.self)
    }

    private mutating func read<Kind: Workload>(
        _ type: Kind.Type, _ given: SourceValue, _ fields: SourceFields, isOneOfTwo: Bool
    ) -> (any Workload)? {
        let what = isOneOfTwo ? "\(Kind.name) that \(Kind.role.rawValue)" : Kind.name
        let names = Self.parameterNames(of: Kind.self)
        guard case .mapping(let pairs) = given.content else {
            let wanted = names.isEmpty ? "has no parameters" : "must be a mapping with \(listing(names))"
            report(given.place, "\(what) \(wanted), not \(given.kind)")
            return nil
        }
        if names.isEmpty, let first = pairs.first {
            report(first.place, "\(isOneOfTwo ? "a " : "")\(what) has no parameters; write 'run: \(Kind.name)'")
            return nil
        }
        guard let parameters = readParameters(Kind.Parameters.self, from: given, of: what) else { return nil }
        do throws(Refusal) {
            return try Kind(parameters)
        } catch {
            for problem in error.problems { report(place(of: problem, given, fields), problem.words) }
            return nil
        }
    }

    /// Where a refusal points to, or as near as the file has it.
    private func place(of problem: Refusal.Problem, _ given: SourceValue, _ fields: SourceFields) -> Place {
        switch problem.place {
        case .whole: return given.place
        case .value(let path):
            let known = path.indices.reversed().lazy.map { path[...$0] }
            return known.compactMap { given[$0]?.place }.first ?? given.place
        case .key(let name):
            guard case .mapping(let pairs) = given.content else { return given.place }
            return pairs.last { $0.name == name }?.place ?? given.place
        case .endpoint:
            return (fields.values["connect"] ?? fields.values["listen"])?.place ?? given.place
        }
    }
}

/// What a peer whose workload cannot be read is taken to run: its lab is never handed out.
struct UnreadWorkload: Workload {
    static let name = "unread"
    static let role = WorkloadRole.listens

    init(_ parameters: NoParameters = NoParameters()) {}

    func run(_ peer: PeerContext) async {}
}
