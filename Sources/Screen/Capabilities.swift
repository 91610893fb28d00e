/// How many colours a terminal shows.
package enum ColourTier: Hashable, Sendable, CaseIterable {
    /// None, or none wanted.
    case none
    /// The ANSI colours; only the eight that every colour terminal has are used.
    case sixteen
    /// The xterm palette of 256.
    case twoHundredFiftySix
}

/// What colour lies behind the text.
package enum Background: Hashable, Sendable, CaseIterable {
    /// Light text on a dark ground.
    case dark
    /// Dark text on a light ground.
    case light
}

/// What a terminal can show.
package struct Capabilities: Hashable, Sendable {
    /// How many colours there are.
    package var tier: ColourTier
    /// Which characters are safe to draw.
    package var glyphs: GlyphSet
    /// Whether the ground is dark or light.
    package var background: Background

    /// Makes a set of capabilities; the default is a modern dark terminal.
    package init(
        tier: ColourTier = .twoHundredFiftySix, glyphs: GlyphSet = .unicode, background: Background = .dark
    ) {
        self.tier = tier
        self.glyphs = glyphs
        self.background = background
    }
}
