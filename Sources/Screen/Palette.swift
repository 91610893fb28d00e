/// What a style looks like on a given terminal.
package struct Ink: Hashable, Sendable {
    /// The colour number of the text; `nil` is the terminal's own.
    package var foreground: Int?
    /// The colour number of the ground; `nil` is the terminal's own.
    package var background: Int?
    /// The emphasis, the role's and the style's together.
    package var emphasis: Emphasis

    /// Makes an ink.
    package init(_ foreground: Int? = nil, on background: Int? = nil, _ emphasis: Emphasis = []) {
        self.foreground = foreground
        self.background = background
        self.emphasis = emphasis
    }
}

/// The colours of every role, for one colour tier and background.
///
/// The hues are those of Okabe and Ito's palette ("Color Universal Design", 2008), nearest in the xterm cube: orange,
/// sky blue, bluish green, yellow, blue, vermilion and reddish purple stay apart for eyes without one of the three
/// cones. On eight colours green is left out, so that good and broken never differ as green and red alone do.
package struct Palette: Sendable {
    private let inks: [Ink]

    /// Makes the palette for a colour tier on a background.
    package init(tier: ColourTier, background: Background) {
        inks = Role.allCases.map { role in
            switch (tier, background) {
            case (.none, _): Self.monochrome(role)
            case (.sixteen, .dark): Self.eightOnDark(role)
            case (.sixteen, .light): Self.eightOnLight(role)
            case (.twoHundredFiftySix, .dark): Self.manyOnDark(role)
            case (.twoHundredFiftySix, .light): Self.manyOnLight(role)
            }
        }
    }

    /// Makes the palette that suits a terminal.
    package init(for capabilities: Capabilities) {
        self.init(tier: capabilities.tier, background: capabilities.background)
    }

    /// What a style looks like in this palette.
    package func ink(for style: Style) -> Ink {
        var ink = inks[Int(style.role.rawValue)]
        ink.emphasis.formUnion(style.emphasis)
        return ink
    }

    private static func monochrome(_ role: Role) -> Ink {
        switch role {
        case .normal, .border, .good, .info, .accent1, .accent2, .accent3, .accent4: Ink()
        case .dim: Ink(nil, .dim)
        case .title, .focus, .key, .danger: Ink(nil, .bold)
        case .warning: Ink(nil, .underline)
        case .fault: Ink(nil, [.bold, .underline])
        case .selection: Ink(nil, .reverse)
        }
    }

    private static func eightOnDark(_ role: Role) -> Ink {
        switch role {
        case .normal: Ink()
        case .dim, .border: Ink(nil, .dim)
        case .title: Ink(nil, .bold)
        case .focus: Ink(3, .bold)
        case .good: Ink(6)
        case .warning: Ink(3)
        case .danger: Ink(1, .bold)
        case .fault: Ink(5, .bold)
        case .info: Ink(7)
        case .accent1: Ink(6)
        case .accent2: Ink(3)
        case .accent3: Ink(5)
        case .accent4: Ink(4, .bold)
        case .selection: Ink(nil, .reverse)
        case .key: Ink(6, .bold)
        }
    }

    private static func eightOnLight(_ role: Role) -> Ink {
        switch role {
        case .normal, .info: Ink()
        case .dim, .border: Ink(nil, .dim)
        case .title: Ink(nil, .bold)
        case .focus: Ink(4, .bold)
        case .good: Ink(4)
        case .warning: Ink(5)
        case .danger: Ink(1, .bold)
        case .fault: Ink(5, .bold)
        case .accent1: Ink(4)
        case .accent2: Ink(1)
        case .accent3: Ink(5)
        case .accent4: Ink(0, .bold)
        case .selection: Ink(nil, .reverse)
        case .key: Ink(4, .bold)
        }
    }

    private static func manyOnDark(_ role: Role) -> Ink {
        switch role {
        case .normal: Ink()
        case .dim: Ink(245)
        case .title: Ink(255, .bold)
        case .border: Ink(240)
        case .focus: Ink(214, .bold)
        case .good: Ink(36)
        case .warning: Ink(220)
        case .danger: Ink(202, .bold)
        case .fault: Ink(175, .bold)
        case .info: Ink(74)
        case .accent1: Ink(74)
        case .accent2: Ink(214)
        case .accent3: Ink(36)
        case .accent4: Ink(175)
        case .selection: Ink(231, on: 24)
        case .key: Ink(220, .bold)
        }
    }

    private static func manyOnLight(_ role: Role) -> Ink {
        switch role {
        case .normal: Ink()
        case .dim: Ink(242)
        case .title: Ink(16, .bold)
        case .border: Ink(248)
        case .focus: Ink(25, .bold)
        case .good: Ink(29)
        case .warning: Ink(130)
        case .danger: Ink(166, .bold)
        case .fault: Ink(132, .bold)
        case .info: Ink(25)
        case .accent1: Ink(25)
        case .accent2: Ink(130)
        case .accent3: Ink(29)
        case .accent4: Ink(132)
        case .selection: Ink(16, on: 153)
        case .key: Ink(25, .bold)
        }
    }
}

extension Ink {
    fileprivate init(_ foreground: Int?, _ emphasis: Emphasis) {
        self.init(foreground, on: nil, emphasis)
    }
}
