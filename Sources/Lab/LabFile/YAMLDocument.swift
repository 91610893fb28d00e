import Yams

/// A YAML document composed with its marks, and what is wrong with its shape.
///
/// Aliases never expand: a text in which one refers to an anchor is refused before it is composed, since the composer
/// hashes keys and would walk what they refer to; what carries an anchor is refused and not entered afterwards.
struct YAMLDocument {
    /// Why a text is no YAML document at all.
    struct SyntaxError: Error {
        var place: Place
        var message: String
    }

    /// Mappings and lists within each other, at most.
    static let deepest = 16
    /// Duplicate keys that are told apart; one more than that is told alone.
    private static let mostDuplicates = 16

    /// The document's value; nil for a text of blanks and comments alone.
    private(set) var root: SourceValue?
    /// What is wrong, in the order in which it was met.
    private(set) var problems: [(place: Place, message: String)] = []

    /// The keys of the outermost mapping that stand there twice.
    private(set) var doubled: Set<String> = []

    /// Whether a value was refused and left out, so that the rest cannot be judged.
    private(set) var hasHoles = false

    /// The first of two equal keys, by place: the composer refuses equal keys, so the text it gets has another there.
    private var masked: [Place: String] = [:]

    init(_ text: String) throws(SyntaxError) {
        if let alias = Self.alias(in: text) { throw alias }
        var text = text
        while true {
            do {
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                // The anchors of nodes are weak references to the parser's.
                try withExtendedLifetime(parser) {
                    if let node = try parser.singleRoot() { root = value(of: node, depth: 1) }
                }
                return
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let place = Place(line: context.mark.line, column: context.mark.column)
                let name = names.first ?? ""
                guard masked.count < Self.mostDuplicates, Self.mask(name, at: place, in: &text, serial: masked.count)
                else { throw SyntaxError(place: place, message: "the key \(quoted(name)) stands twice in a mapping") }
                masked[place] = name
            } catch {
                throw Self.syntaxError(error, in: text)
            }
        }
    }

    // MARK: Values

    private mutating func value(of node: Node, depth: Int, isKey: Bool = false) -> SourceValue {
        let place = node.mark.map { Place(line: $0.line, column: $0.column) } ?? Place(line: 1, column: 1)
        let nothing = SourceValue(place: place, content: .scalar(""), isPlain: true)
        if let anchor = node.anchor {
            problems.append((place, "anchors ('&\(quotable(anchor.rawValue))') are refused; write the value out"))
            hasHoles = true
            return nothing
        }
        if !isKey, let tag = Self.tag(of: node) {
            // One may contradict the value, or what the schema makes of it; none says more than that.
            problems.append((place, "tags (\(quoted(tag))) are refused; write the value alone"))
        }
        switch node {
        case .scalar(let scalar):
            return SourceValue(place: place, content: .scalar(scalar.string), isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            guard isShallow(depth, place) else { return nothing }
            return SourceValue(
                place: place, content: .sequence(sequence.map { value(of: $0, depth: depth + 1, isKey: isKey) }))
        case .mapping(let mapping):
            guard isShallow(depth, place) else { return nothing }
            return SourceValue(place: place, content: .mapping(fields(of: mapping, depth: depth, isKey: isKey)))
        case .alias:
            problems.append((place, "aliases are refused; write the value out"))
            hasHoles = true
            return nothing
        }
    }

    /// The tag that the file gives a value; nil for none. What is in a key has those that the composer gave it.
    private static func tag(of node: Node) -> String? {
        let tag: String
        switch node {
        case .scalar(let scalar):
            tag = scalar.tag.rawValue
            // So the composer calls what is quoted.
            if tag == Tag.Name.str.rawValue, scalar.style != .plain { return nil }
        case .sequence(let sequence): tag = sequence.tag.rawValue
        case .mapping(let mapping): tag = mapping.tag.rawValue
        case .alias: return nil
        }
        guard tag != Tag.Name.implicit.rawValue else { return nil }
        let standard = "tag:yaml.org,2002:"
        return tag.hasPrefix(standard) ? "!!\(tag.dropFirst(standard.count))" : tag
    }

    private mutating func isShallow(_ depth: Int, _ place: Place) -> Bool {
        if depth <= Self.deepest { return true }
        problems.append((place, "lists and mappings are nested more than \(Self.deepest) deep"))
        hasHoles = true
        return false
    }

    private mutating func fields(of mapping: Node.Mapping, depth: Int, isKey: Bool) -> [SourceField] {
        var fields: [SourceField] = []
        var lines: [String: Int] = [:]
        for (key, node) in mapping {
            let field = value(of: node, depth: depth + 1, isKey: isKey)
            let keyValue = value(of: key, depth: depth + 1, isKey: true)
            guard case .scalar(let text) = keyValue.content, key.anchor == nil else {
                if key.anchor == nil { problems.append((keyValue.place, "a key must be a word, not \(keyValue.kind)")) }
                continue
            }
            let name = masked[keyValue.place] ?? text
            if let line = lines[name] {
                problems.append((keyValue.place, "duplicate key \(quoted(name)); it is given in line \(line) already"))
                if depth == 1 { doubled.insert(name) }
            } else {
                lines[name] = keyValue.place.line
                fields.append(SourceField(name: name, place: keyValue.place, value: field))
            }
        }
        return fields
    }

    /// Puts a character of the private use area in place of a key's first letter, which moves nothing.
    private static func mask(_ name: String, at place: Place, in text: inout String, serial: Int) -> Bool {
        guard var index = index(of: place, in: text), let first = name.unicodeScalars.first, first.isASCII,
            first.properties.isAlphabetic || ("0"..."9").contains(first),
            let replacement = Unicode.Scalar(0xE000 + UInt32(serial))
        else { return false }
        if text.unicodeScalars[index] == "\"" || text.unicodeScalars[index] == "'" {
            index = text.unicodeScalars.index(after: index)
        }
        guard index < text.unicodeScalars.endIndex, text.unicodeScalars[index] == first else { return false }
        text.unicodeScalars.replaceSubrange(index...index, with: CollectionOfOne(replacement))
        return true
    }

    private static func index(of place: Place, in text: String) -> String.Index? {
        var here = Place(line: 1, column: 1)
        var walk = PlaceWalk()
        for index in text.unicodeScalars.indices {
            here = walk.place
            if here == place { return index }
            walk.pass(text.unicodeScalars[index])
        }
        return nil
    }
}
