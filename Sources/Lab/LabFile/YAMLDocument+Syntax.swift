import Yams

/// Follows the place in a text, scalar by scalar.
struct PlaceWalk {
    private(set) var place = Place(line: 1, column: 1)
    private var previous: Unicode.Scalar?

    mutating func pass(_ scalar: Unicode.Scalar) {
        if scalar == "\n", previous == "\r" {
            // The second half of one line break.
        } else if SourceLines.isBreak(scalar) {
            place = Place(line: place.line + 1, column: 1)
        } else {
            place.column += 1
        }
        previous = scalar
    }
}

extension YAMLDocument {
    /// The first `*name` after an `&name` of the same name, wherever they stand.
    ///
    /// It looks at no quotes and no comments, and so misses nothing that libYAML could take for an alias.
    static func alias(in text: String) -> SyntaxError? {
        guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return nil }
        var anchors: Set<String> = []
        var walk = PlaceWalk()
        var open: (mark: Unicode.Scalar, place: Place)?
        var name = ""
        func close() -> SyntaxError? {
            guard let (mark, place) = open, !name.isEmpty else { return nil }
            if mark == "&" {
                anchors.insert(name)
            } else if anchors.contains(name) {
                return SyntaxError(
                    place: place, message: "aliases ('*\(quotable(name))') are refused; write the value out")
            }
            return nil
        }
        for scalar in text.unicodeScalars {
            if open != nil, isNamePart(scalar) {
                name.unicodeScalars.append(scalar)
            } else if open != nil {
                if let found = close() { return found }
                open = nil
            }
            if scalar == "&" || scalar == "*" {
                open = (scalar, walk.place)
                name = ""
            }
            walk.pass(scalar)
        }
        return close()
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }

    /// What the composer could not do, in one sentence and with its place.
    static func syntaxError(_ error: any Error, in text: String) -> SyntaxError {
        guard let error = error as? YamlError else {
            return SyntaxError(place: Place(line: 1, column: 1), message: "not YAML: \(error)")
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = Place(line: mark.line, column: mark.column)
            if problem.contains("nesting level") { return tooDeep(text) }
            if problem.contains("undefined alias") {
                return SyntaxError(place: place, message: "aliases are refused; quote a text that begins with '*'")
            }
            if problem.contains("another document") {
                return SyntaxError(place: place, message: "a lab file is one YAML document; another begins here")
            }
            var message = "not YAML: \(problem)"
            if let context {
                message += " \(context.text) from line \(context.mark.line), column \(context.mark.column)"
            }
            return SyntaxError(place: place, message: message)
        case .reader(let problem, let offset, let value, _):
            var walk = PlaceWalk()
            for scalar in text.prefix(offset ?? 0).unicodeScalars { walk.pass(scalar) }
            let code = value > 0 ? " (U+\(String(value, radix: 16, uppercase: true)))" : ""
            return SyntaxError(place: walk.place, message: "not YAML: \(problem)\(code)")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
            return SyntaxError(place: Place(line: 1, column: 1), message: "not YAML: \(error)")
        }
    }

    /// libYAML stops at 1,000 levels itself, and says where it gave up.
    private static func tooDeep(_ text: String) -> SyntaxError {
        SyntaxError(place: deepPlace(in: text), message: "lists and mappings are nested more than \(deepest) deep")
    }

    /// About where nesting passes the bound: brackets and indicators are counted without regard to quotes.
    private static func deepPlace(in text: String) -> Place {
        var walk = PlaceWalk()
        var brackets = 0
        var indicators = 0
        var line = 1
        for scalar in text.unicodeScalars {
            if walk.place.line != line {
                line = walk.place.line
                indicators = 0
            }
            if scalar == "[" || scalar == "{" { brackets += 1 }
            if scalar == "]" || scalar == "}" { brackets = max(0, brackets - 1) }
            if scalar == "-" || scalar == "?" { indicators += 1 }
            if brackets > deepest || indicators > deepest { return walk.place }
            walk.pass(scalar)
        }
        return Place(line: 1, column: 1)
    }
}
