/// The six characters a pane's frame is made of.
package struct BoxGlyphs: Hashable, Sendable {
    /// The upper left corner.
    package let topLeft: Character
    /// The upper right corner.
    package let topRight: Character
    /// The lower left corner.
    package let bottomLeft: Character
    /// The lower right corner.
    package let bottomRight: Character
    /// The upper and lower edge.
    package let horizontal: Character
    /// The left and right edge.
    package let vertical: Character

    fileprivate init(_ glyphs: String) {
        let all = Array(glyphs)
        (topLeft, topRight, bottomLeft, bottomRight) = (all[0], all[1], all[2], all[3])
        (horizontal, vertical) = (all[4], all[5])
    }
}

/// The characters that are not text: frames, marks, arrows, gauges.
///
/// Every glyph is one column wide except ``bolt``, which is two in both sets, so that a layout does not move with the set.
package struct GlyphSet: Hashable, Sendable {
    /// Whether only ASCII reaches the terminal; text is folded to it as well.
    package let isASCII: Bool
    /// The frame of a pane without the focus: rounded corners.
    package let box: BoxGlyphs
    /// The frame of the pane that has the focus: heavy, so that the focus shows without colour.
    package let focusedBox: BoxGlyphs
    /// A host that is up, a thing that is on.
    package let filledBullet: Character
    /// A host that is down, a thing that is off.
    package let hollowBullet: Character
    /// Something dead or cut.
    package let cross: Character
    /// A fault; two columns wide.
    package let bolt: String
    /// Towards the right; also marks the next event and the selected line.
    package let rightArrow: Character
    /// Towards the left.
    package let leftArrow: Character
    /// Upwards.
    package let upArrow: Character
    /// Downwards.
    package let downArrow: Character
    /// What is not the same on the other side.
    package let differs: Character
    /// A change from one value to another.
    package let becomes: Character
    /// Both ways.
    package let bothWays: Character
    /// A link that carries.
    package let link: Character
    /// A link that is slow or clogged.
    package let slowLink: Character
    /// A link that stands upright, a lane.
    package let lane: Character
    /// A thin rule.
    package let rule: Character
    /// The filled part of a gauge.
    package let gaugeFull: Character
    /// The empty part of a gauge.
    package let gaugeEmpty: Character
    /// The high-water mark in a gauge.
    package let gaugeMark: Character
    /// Eight heights, lowest first; the lowest stands for zero.
    package let sparks: [Character]
    /// What stands for the part of a text that was cut off.
    package let ellipsis: Character
    /// What stands for a character that cannot be shown.
    package let replacement: Character
    /// The sign for paused.
    package let paused: Character
    /// A small separator between items.
    package let dot: Character

    /// Box drawing, arrows and blocks.
    package static let unicode = GlyphSet(
        isASCII: false, box: BoxGlyphs("╭╮╰╯─│"), focusedBox: BoxGlyphs("┏┓┗┛━┃"), filledBullet: "●", hollowBullet: "○",
        cross: "✖", bolt: "⚡", rightArrow: "▸", leftArrow: "◂", upArrow: "▴", downArrow: "▾", differs: "≠",
        becomes: "→",
        bothWays: "⇄", link: "━", slowLink: "╍", lane: "│", rule: "─", gaugeFull: "▓", gaugeEmpty: "░", gaugeMark: "▏",
        sparks: Array("▁▂▃▄▅▆▇█"), ellipsis: "…", replacement: "\u{FFFD}", paused: "▌", dot: "·")

    /// Nothing but ASCII.
    package static let ascii = GlyphSet(
        isASCII: true, box: BoxGlyphs("++++-|"), focusedBox: BoxGlyphs("####=#"), filledBullet: "*", hollowBullet: "o",
        cross: "X", bolt: "!!", rightArrow: ">", leftArrow: "<", upArrow: "^", downArrow: "v", differs: "!",
        becomes: ">",
        bothWays: "=", link: "=", slowLink: "-", lane: "|", rule: "-", gaugeFull: "#", gaugeEmpty: ".", gaugeMark: "|",
        sparks: Array("_.:-=+*#"), ellipsis: "~", replacement: "?", paused: "|", dot: "-")

    /// What a character becomes where only ASCII may be drawn; ``replacement`` for all that has no likeness.
    package static func folded(_ character: Character) -> String {
        if character.isASCII { return String(character) }
        return switch character {
        case "‘", "’", "′": "'"
        case "“", "”", "″": "\""
        case "–", "—", "−", "‑", "─", "━", "╍", "·": "-"
        case "…": "..."
        case "→", "▸", "⇒": ">"
        case "←", "◂": "<"
        case "⇄", "↔": "<>"
        case "×": "x"
        case "µ", "μ": "u"
        case "≤": "<="
        case "≥": ">="
        case "≠": "!="
        case "\u{A0}", "\u{2009}", "\u{202F}": " "
        case "●", "•": "*"
        case "○": "o"
        case "✖": "X"
        case "⚡": "!!"
        default: "?"
        }
    }
}
