/// A line of text whose pieces have a meaning each, and which may lead to an event.
package struct TextLine: Hashable, Sendable {
    /// A piece of text that means one thing.
    package struct Piece: Hashable, Sendable {
        /// The text.
        package var text: String
        /// How it is meant.
        package var role: TextRole
    }

    /// Where a line leads to.
    package enum Lead: Hashable, Sendable {
        /// A place in the run.
        case place(Position)
        /// What a command line does.
        case command(String)
    }

    /// The pieces, from left to right.
    package var pieces: [Piece] = []
    /// How many levels it is moved in, from 0.
    package var depth = 0
    /// Where it leads to; nil for nowhere.
    package var lead: Lead?
    /// It stands over what comes after it.
    package var isHeading = false

    /// Makes a line of some pieces.
    package init(_ pieces: [(String, TextRole)] = [], depth: Int = 0, event: Int? = nil) {
        self.pieces = pieces.filter { !$0.0.isEmpty }.map { Piece(text: $0.0, role: $0.1) }
        self.depth = depth
        lead = event.map { .place(.event($0)) }
    }

    /// The event that it leads to.
    package var event: Int? { if case .place(.event(let event))? = lead { event } else { nil } }

    /// A line that stands over others.
    package static func heading(_ text: String) -> TextLine {
        var line = TextLine([(text, .plain)])
        line.isHeading = true
        return line
    }

    /// A line of a name and a value.
    package static func field(_ name: String, _ value: String, _ role: TextRole = .plain, event: Int? = nil) -> TextLine
    {
        TextLine(
            [(name + String(repeating: " ", count: max(1, fieldColumn - name.count)), .dim), (value, role)],
            event: event)
    }

    /// Where values stand behind their names.
    package static let fieldColumn = 18

    /// All of it, as a log has it.
    package var text: String { String(repeating: "  ", count: depth) + pieces.map(\.text).joined() }
}
