/// A piece of text in one style.
package struct Span: Hashable, Sendable {
    /// The text.
    package var text: String
    /// How it is meant.
    package var style: Style

    /// Makes a span.
    package init(_ text: String, _ style: Style = .normal) {
        self.text = text
        self.style = style
    }

    /// The columns the text takes where everything can be shown.
    package var width: Int { DisplayWidth.of(text) }
}

/// Where in its columns a text stands.
package enum Alignment: Hashable, Sendable {
    /// At the left.
    case leading
    /// At the right.
    case trailing
    /// In the middle; what does not divide evenly goes to the right.
    case centre
}
