package import Foundation

/// Text from a file, a name, an argument or a log, made fit to be printed: the one door through which such text reaches a
/// terminal that is not the screen's, which has its own for cells.
///
/// A terminal acts on control characters, and directions and joiners make a text look like another: each stands as U+FFFD,
/// in JSON as JSON's own escape.
package enum Printable {
    /// Scalars of a message, at most: a line that is quoted is cut long before.
    package static let mostOfMessage = 4_000

    /// Whether a scalar is not to reach a terminal as it is.
    package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20, scalar.value < 0x7F { return false }
        return hidden.contains(scalar.properties.generalCategory)
    }

    private static let hidden: [Unicode.GeneralCategory] = [
        .control, .format, .lineSeparator, .paragraphSeparator, .surrogate,
    ]

    /// A text of many lines: what parts them, and tabs, stay.
    package static func text(_ text: String) -> String {
        replacing(text) { $0 == "\n" || $0 == "\t" ? $0 : "\u{FFFD}" }
    }

    /// A text on one line.
    ///
    /// - Parameter most: scalars, at most; what is cut off is shown by `…`.
    package static func line(_ text: String, atMost most: Int = .max) -> String {
        let shown = replacing(text) { $0 == "\t" ? " " : "\u{FFFD}" }
        guard shown.utf8.count > most, let end = index(after: most, in: shown) else { return shown }
        return String(shown[..<end]) + "…"
    }

    /// JSON text with an escape for whatever a terminal would act on; a line feed stands between its lines alone.
    package static func json(_ data: Data) -> Data {
        guard data.contains(where: { $0 >= 0x7F }) else { return data }
        var escaped = String.UnicodeScalarView()
        for scalar in String(decoding: data, as: UTF8.self).unicodeScalars {
            guard isHidden(scalar), scalar != "\n" else {
                escaped.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                let zeros = String(repeating: "0", count: 4 - digits.count)
                escaped.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
            }
        }
        return Data(String(escaped).utf8)
    }

    private static func replacing(_ text: String, _ replacement: (Unicode.Scalar) -> Unicode.Scalar) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { shown.append(isHidden(scalar) ? replacement(scalar) : scalar) }
        return String(shown)
    }

    /// The end of so many scalars; nil where there are no more.
    private static func index(after count: Int, in text: String) -> String.Index? {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: count, limitedBy: scalars.endIndex) else {
            return nil
        }
        return end == scalars.endIndex ? nil : end
    }
}

/// A text from elsewhere for a message: on one line, of 60 scalars at most, with nothing that a terminal would act on.
package func quotable(_ text: some StringProtocol) -> String { Printable.line(String(text), atMost: 60) }

/// Such a text between single quotes.
package func quoted(_ text: some StringProtocol) -> String { "'\(quotable(text))'" }
