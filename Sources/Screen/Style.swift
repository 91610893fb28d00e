/// What a piece of the screen means; a palette decides how that looks on a given terminal.
package enum Role: UInt8, Hashable, Sendable, CaseIterable {
    /// Plain text in the terminal's own colours.
    case normal
    /// Text that may be overlooked: units, separators, explanations.
    case dim
    /// The heading of a pane or a table.
    case title
    /// The frame of a pane without the focus.
    case border
    /// The frame of the pane that has the focus.
    case focus
    /// A state that is as it should be.
    case good
    /// A state that deserves a look.
    case warning
    /// A state that is broken.
    case danger
    /// Something the lab did on purpose: a fault, a fired buggify site.
    case fault
    /// A remark.
    case info
    /// The first of four colours that tell things of one kind apart.
    case accent1
    /// The second of four colours that tell things of one kind apart.
    case accent2
    /// The third of four colours that tell things of one kind apart.
    case accent3
    /// The fourth of four colours that tell things of one kind apart.
    case accent4
    /// The selected row.
    case selection
    /// The name of a key in the key bar and in the help.
    case key

    /// The letter for this role in a frame's second grid.
    package var letter: Character {
        switch self {
        case .normal: "."
        case .dim: "d"
        case .title: "t"
        case .border: "b"
        case .focus: "f"
        case .good: "g"
        case .warning: "w"
        case .danger: "x"
        case .fault: "z"
        case .info: "i"
        case .accent1: "1"
        case .accent2: "2"
        case .accent3: "3"
        case .accent4: "4"
        case .selection: "s"
        case .key: "k"
        }
    }
}

/// Emphasis that does not depend on colour.
package struct Emphasis: OptionSet, Hashable, Sendable {
    /// The set as bits.
    package let rawValue: UInt8

    /// Makes a set of emphases from its bits.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Heavier strokes.
    package static let bold = Emphasis(rawValue: 1)
    /// Fainter strokes.
    package static let dim = Emphasis(rawValue: 2)
    /// Foreground and background exchanged.
    package static let reverse = Emphasis(rawValue: 4)
    /// A line below.
    package static let underline = Emphasis(rawValue: 8)
}

/// How a cell is meant: a role, and emphasis on top of what the palette gives that role.
package struct Style: Hashable, Sendable {
    /// What the cell means.
    package var role: Role
    /// Emphasis in addition to the role's own.
    package var emphasis: Emphasis

    /// Makes a style from a role and emphasis.
    package init(_ role: Role = .normal, _ emphasis: Emphasis = []) {
        self.role = role
        self.emphasis = emphasis
    }

    /// The same style in bold.
    package var bold: Style { Style(role, emphasis.union(.bold)) }
    /// The same style, fainter.
    package var faint: Style { Style(role, emphasis.union(.dim)) }
    /// The same style with foreground and background exchanged.
    package var reversed: Style { Style(role, emphasis.union(.reverse)) }
    /// The same style, underlined.
    package var underlined: Style { Style(role, emphasis.union(.underline)) }

    /// Plain text.
    package static let normal = Style(.normal)
    /// Text that may be overlooked.
    package static let dim = Style(.dim)
    /// A heading.
    package static let title = Style(.title)
    /// A pane's frame.
    package static let border = Style(.border)
    /// The focused pane's frame.
    package static let focus = Style(.focus)
    /// As it should be.
    package static let good = Style(.good)
    /// Deserves a look.
    package static let warning = Style(.warning)
    /// Broken.
    package static let danger = Style(.danger)
    /// Broken on purpose.
    package static let fault = Style(.fault)
    /// A remark.
    package static let info = Style(.info)
    /// First of four.
    package static let accent1 = Style(.accent1)
    /// Second of four.
    package static let accent2 = Style(.accent2)
    /// Third of four.
    package static let accent3 = Style(.accent3)
    /// Fourth of four.
    package static let accent4 = Style(.accent4)
    /// The selected row.
    package static let selection = Style(.selection)
    /// A key's name.
    package static let key = Style(.key)

    /// One of the four accents, for things told apart by a number; numbers beyond four start over.
    package static func accent(_ number: Int) -> Style {
        let accents = [accent1, accent2, accent3, accent4]
        return accents[((number % 4) + 4) % 4]
    }

    /// The letter for this style in a frame's second grid: the role's, as a capital where emphasis was added.
    ///
    /// Roles whose letter has no capital show added emphasis as `:` (normal) or as `!`, `@`, `#`, `$` (accents), which
    /// share their key with the digit on an American keyboard.
    package var letter: Character {
        guard !emphasis.isEmpty else { return role.letter }
        return switch role {
        case .normal: ":"
        case .accent1: "!"
        case .accent2: "@"
        case .accent3: "#"
        case .accent4: "$"
        default: Character(role.letter.uppercased())
        }
    }
}
