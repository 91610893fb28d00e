import Lab
import Screen

extension TextRole {
    /// How the screen shows it; what it looks like on a terminal is the palette's affair.
    var style: Style {
        switch self {
        case .plain: .normal
        case .dim, .time: .dim
        case .host, .note: .info
        case .good: .good
        case .warning: .warning
        case .danger, .loss: .danger
        case .fault: .fault
        }
    }
}

extension Span {
    /// Makes a span of what a text means.
    init(_ text: String, as role: TextRole) { self.init(text, role.style) }
}
