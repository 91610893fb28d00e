@testable import Lab

/// YAML of generated labs.
enum LabYAML {
    /// A tree on one line: `{every: 0s, size: 64}`.
    static func flow(_ value: SourceValue) -> String {
        switch value.content {
        case .scalar(let text): return "\"\(text)\""
        case .sequence(let elements): return "[" + elements.map(flow).joined(separator: ", ") + "]"
        case .mapping(let fields):
            return "{" + fields.map { "\($0.name): \(flow($0.value))" }.joined(separator: ", ") + "}"
        }
    }
}
