/// A text as the sequence of what its cells show: the one door through which text reaches the screen.
///
/// A terminal counts columns by scalar, not by the user's idea of a character, and terminals disagree on joined emoji.
/// So a cluster here is one spacing scalar with the marks that combine with it, and whatever makes terminals disagree or
/// would act on them is taken out: control characters are replaced, line breaks and tabs become spaces, and joiners,
/// variation selectors, skin tones and direction marks are dropped.
package struct CellText: Sequence {
    /// What one or two columns show.
    package struct Cluster: Hashable, Sendable {
        /// One spacing scalar with its marks.
        package let character: Character
        /// 1 or 2.
        package let width: Int
    }

    private let text: String
    private let ascii: Bool

    /// Prepares a text; in ASCII, whatever else it holds is folded to its nearest likeness.
    package init(_ text: String, ascii: Bool) {
        self.text = text
        self.ascii = ascii
    }

    /// Goes through the clusters.
    package func makeIterator() -> Iterator {
        Iterator(scalars: text.unicodeScalars, ascii: ascii)
    }

    /// Goes through a text cluster by cluster.
    package struct Iterator: IteratorProtocol {
        /// What a cell of the terminal library holds besides the base character.
        private static let marksLimit = 4

        private let scalars: String.UnicodeScalarView
        private var index: String.UnicodeScalarView.Index
        private let ascii: Bool
        private var folded: [Cluster] = []

        fileprivate init(scalars: String.UnicodeScalarView, ascii: Bool) {
            self.scalars = scalars
            self.index = scalars.startIndex
            self.ascii = ascii
        }

        /// The next cluster, or `nil` at the end of the text.
        package mutating func next() -> Cluster? {
            if let first = folded.popLast() { return first }
            while index < scalars.endIndex {
                let scalar = scalars[index]
                scalars.formIndex(after: &index)
                if scalar.value >= 0x20, scalar.value < 0x7F {
                    let character = index < scalars.endIndex && !scalars[index].isASCII ? combined(scalar) : nil
                    return Cluster(character: character ?? Character(scalar), width: 1)
                }
                if let cluster = special(scalar) { return cluster }
            }
            return nil
        }

        /// The cluster that begins with a scalar outside printable ASCII; `nil` where that scalar is dropped.
        private mutating func special(_ scalar: Unicode.Scalar) -> Cluster? {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\n" || scalar == "\t" || scalar == "\r", .lineSeparator,
                .paragraphSeparator, .spaceSeparator:
                // The ideographic space is wide; every other space is one column of nothing.
                return scalar == "\u{3000}" && !ascii
                    ? Cluster(character: Character(scalar), width: 2) : Cluster(character: " ", width: 1)
            case .control, .unassigned, .privateUse, .surrogate:
                return Cluster(character: ascii ? "?" : "\u{FFFD}", width: 1)
            case .format, .nonspacingMark, .enclosingMark:
                // A mark here has nothing before it to combine with.
                return nil
            default:
                break
            }
            let width = DisplayWidth.of(scalar)
            if width == 0 || Self.isSkinTone(scalar) { return nil }
            let character = combined(scalar) ?? Character(scalar)
            guard ascii else { return Cluster(character: character, width: width) }
            folded = GlyphSet.folded(character).reversed().map { Cluster(character: $0, width: 1) }
            return folded.popLast()
        }

        /// The scalar with the marks that follow it, which are read past; `nil` where none does.
        private mutating func combined(_ base: Unicode.Scalar) -> Character? {
            var marks = String.UnicodeScalarView()
            while index < scalars.endIndex {
                let scalar = scalars[index]
                guard !scalar.isASCII, DisplayWidth.of(scalar) == 0, !scalar.properties.isWhitespace,
                    scalar.properties.generalCategory != .control
                else { break }
                scalars.formIndex(after: &index)
                if scalar.properties.generalCategory == .format || scalar.properties.isVariationSelector { continue }
                if marks.count < Self.marksLimit { marks.append(scalar) }
            }
            guard !marks.isEmpty, !ascii else { return nil }
            return Character(String(base) + String(marks))
        }

        private static func isSkinTone(_ scalar: Unicode.Scalar) -> Bool {
            (0x1F3FB...0x1F3FF).contains(scalar.value)
        }
    }
}
