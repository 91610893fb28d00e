/// Writes values as YAML that ``YAMLDocument`` reads back as the same: on one line what fits there, one under the other
/// what does not.
enum YAMLText {
    /// Characters of a line, at most, where a value can be broken.
    static let width = 120

    /// A document: each field of the outermost mapping begins a line.
    static func document(_ fields: [SourceField]) -> String {
        fields.map { field in
            isList(field.value) ? block(field, at: 0) : entry(field, at: 0)
        }.joined()
    }

    /// A value on one line: `{every: 0s, size: 64}`.
    static func flow(_ value: SourceValue) -> String {
        switch value.content {
        case .scalar(let text): value.isNull ? "~" : scalar(text, inFlow: true)
        case .sequence(let elements): "[" + elements.map(flow).joined(separator: ", ") + "]"
        case .mapping(let fields):
            "{" + fields.map { "\(scalar($0.name, inFlow: true)): \(flow($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    // MARK: Values over several lines

    /// A key and its value: on one line where that is short enough.
    private static func entry(_ field: SourceField, at indent: Int) -> String {
        let key = "\(scalar(field.name, inFlow: false)):"
        if case .scalar(let text) = field.value.content {
            return pad(indent) + key + " "
                + long(text, field.value.isNull, behind: indent + key.count + 1, at: indent + 2)
        }
        let line = "\(pad(indent))\(key) \(flow(field.value))"
        return line.count <= width && !hasLines(field.value) ? line + "\n" : block(field, at: indent)
    }

    /// A key, and its value beneath.
    private static func block(_ field: SourceField, at indent: Int) -> String {
        let key = "\(pad(indent))\(scalar(field.name, inFlow: false)):"
        switch field.value.content {
        case .scalar: return entry(field, at: indent)
        case .sequence(let elements):
            if elements.isEmpty { return "\(key) []\n" }
            return "\(key)\n" + elements.map { item($0, at: indent + 2) }.joined()
        case .mapping(let fields):
            if fields.isEmpty { return "\(key) {}\n" }
            return "\(key)\n" + fields.map { entry($0, at: indent + 2) }.joined()
        }
    }

    /// An element of a list.
    private static func item(_ value: SourceValue, at indent: Int) -> String {
        let dash = pad(indent) + "- "
        switch value.content {
        case .scalar(let text): return dash + long(text, value.isNull, behind: indent + 2, at: indent + 2)
        case .sequence: return dash + flow(value) + "\n"
        case .mapping(let fields):
            let line = dash + flow(value)
            guard line.count > width || hasLines(value), !fields.isEmpty else { return line + "\n" }
            let lines = fields.map { entry($0, at: indent + 2) }.joined()
            return dash + lines.dropFirst(indent + 2)
        }
    }

    private static func pad(_ indent: Int) -> String { String(repeating: " ", count: indent) }

    /// Whether each element of a list has a line of its own: what one thing is said of has, a few names have not.
    private static func isList(_ value: SourceValue) -> Bool {
        switch value.content {
        case .scalar: return false
        case .sequence(let elements):
            return elements.contains { element in
                switch element.content {
                case .scalar(let text): text.contains(" ")
                case .sequence, .mapping: true
                }
            }
        case .mapping(let fields):
            return fields.contains { field in
                if case .mapping(let inner) = field.value.content { inner.count > 1 } else { false }
            }
        }
    }

    /// Whether a text in it has several lines.
    private static func hasLines(_ value: SourceValue) -> Bool {
        switch value.content {
        case .scalar(let text): text.contains("\n")
        case .sequence(let elements): elements.contains(where: hasLines)
        case .mapping(let fields): fields.contains { hasLines($0.value) }
        }
    }

    // MARK: Texts

    /// A text behind a key or a dash: folded where it is too long for the line.
    private static func long(_ text: String, _ isNull: Bool, behind: Int, at indent: Int) -> String {
        if isNull { return "~\n" }
        let line = scalar(text, inFlow: false)
        if text.contains("\n") {
            if let literal = literal(text, at: indent) { return literal }
        } else if behind + line.count > width, let folded = folded(text, at: indent) {
            return folded
        }
        return line + "\n"
    }

    /// Words between single blanks, as many a line as fit: `>-`.
    private static func folded(_ text: String, at indent: Int) -> String? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count > 1, !words.contains(where: \.isEmpty), text.unicodeScalars.allSatisfy(isPrinted) else {
            return nil
        }
        var lines: [String] = [pad(indent) + words[0]]
        for word in words.dropFirst() {
            let line = lines[lines.count - 1]
            if line.count + 1 + word.count <= width {
                lines[lines.count - 1] = line + " " + word
            } else {
                lines.append(pad(indent) + word)
            }
        }
        return ">-\n" + lines.joined(separator: "\n") + "\n"
    }

    /// The lines as they are: `|`.
    private static func literal(_ text: String, at indent: Int) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let isEnded = lines.last?.isEmpty == true
        if isEnded { lines.removeLast() }
        // Blanks at the beginning would be taken for the indentation, and feeds at the end for the block's own.
        guard let first = lines.first, !first.isEmpty, first.first != " ", lines.last?.isEmpty == false,
            lines.allSatisfy({ line in line.last != " " && line.unicodeScalars.allSatisfy(isPrinted) })
        else { return nil }
        let body = lines.map { $0.isEmpty ? "" : pad(indent) + $0 }.joined(separator: "\n")
        return (isEnded ? "|\n" : "|-\n") + body + "\n"
    }

    /// A text without quotes where YAML takes it for nothing else, and between quotes otherwise.
    static func scalar(_ text: String, inFlow: Bool) -> String {
        isPlain(text, inFlow: inFlow) ? text : quoted(text)
    }

    private static func isPlain(_ text: String, inFlow: Bool) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last, text != "null" else {
            return false
        }
        let rest = text.unicodeScalars.dropFirst()
        let begins = isWord(first) || (first == "-" && rest.first.map(isWord) ?? false)
        let inner: (Unicode.Scalar) -> Bool = { scalar in
            isWord(scalar) || " ._/+-%;()".unicodeScalars.contains(scalar)
                || (!inFlow && ",'?!".unicodeScalars.contains(scalar))
        }
        return begins && rest.allSatisfy(inner) && last != " "
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || (scalar.isASCII && scalar.properties.numericType != nil)
    }

    /// What stands in a document as it is: no control character, nor what YAML ends lines with.
    private static func isPrinted(_ scalar: Unicode.Scalar) -> Bool {
        !unprinted.contains(scalar.properties.generalCategory)
    }

    private static let unprinted: [Unicode.GeneralCategory] = [
        .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned,
    ]

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                if isPrinted(scalar) {
                    quoted.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16)
                    quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
                }
            }
        }
        return quoted + "\""
    }
}

// Values that stand in no file.
extension SourceValue {
    /// A text, a number or a name.
    static func text(_ text: String) -> SourceValue { SourceValue(place: .nowhere, content: .scalar(text)) }

    /// Nothing.
    static let nothing = SourceValue(place: .nowhere, content: .scalar(""), isPlain: true)

    /// A list.
    static func list(_ elements: [SourceValue]) -> SourceValue {
        SourceValue(place: .nowhere, content: .sequence(elements))
    }

    /// A list of texts.
    static func list(_ texts: [String]) -> SourceValue { list(texts.map { .text($0) }) }

    /// A mapping.
    static func fields(_ fields: [SourceField]) -> SourceValue {
        SourceValue(place: .nowhere, content: .mapping(fields))
    }

    /// Whether it says the same, wherever it stands.
    func says(_ other: SourceValue) -> Bool {
        switch (content, other.content) {
        case (.scalar(let left), .scalar(let right)): left == right && isNull == other.isNull
        case (.sequence(let left), .sequence(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.says($1) }
        case (.mapping(let left), .mapping(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.name == $1.name && $0.value.says($1.value) }
        case (.scalar, _), (.sequence, _), (.mapping, _): false
        }
    }
}

extension SourceField {
    /// A key and its value, which stand in no file.
    init(_ name: String, _ value: SourceValue) { self.init(name: name, place: .nowhere, value: value) }

    /// A key and a text.
    init(_ name: String, _ text: String) { self.init(name, .text(text)) }
}
