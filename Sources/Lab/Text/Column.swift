extension String {
    /// The text with blanks behind it, as wide as a column and followed by one at least.
    package func filled(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
