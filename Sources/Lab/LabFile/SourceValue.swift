/// A place in a lab file.
struct Place: Hashable, Comparable, Sendable {
    /// The line, from 1.
    var line: Int
    /// The column, from 1, in Unicode scalars, as libYAML counts.
    var column: Int

    static func < (left: Place, right: Place) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// Of what stands in no file.
    static let nowhere = Place(line: 0, column: 0)

    func advanced(by columns: Int) -> Place { Place(line: line, column: column + columns) }
}

/// A YAML value as the file has it, with its place: text, list or mapping, nothing resolved or converted.
struct SourceValue: Sendable {
    enum Content: Sendable {
        case scalar(String)
        case sequence([SourceValue])
        case mapping([SourceField])
    }

    var place: Place
    var content: Content
    /// Whether a scalar stands in the file without quotes: only then can it mean "nothing".
    var isPlain = false

    /// `key:` with nothing after it, or one of YAML's words for nothing.
    var isNull: Bool {
        guard isPlain, case .scalar(let text) = content else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }

    /// What it is, for messages.
    var kind: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension SourceValue {
    /// The value with this one's fields in place of its own, mappings within mappings too.
    func laid(over usual: SourceValue) -> SourceValue {
        guard case .mapping(let fields) = content, case .mapping(var all) = usual.content else { return self }
        for field in fields {
            if let index = all.firstIndex(where: { $0.name == field.name }) {
                all[index] = SourceField(
                    name: field.name, place: field.place, value: field.value.laid(over: all[index].value))
            } else {
                all.append(field)
            }
        }
        return SourceValue(place: place, content: .mapping(all))
    }

    /// The value at a path of names, and numbers in lists.
    subscript(path: ArraySlice<String>) -> SourceValue? {
        guard let first = path.first else { return self }
        switch content {
        case .scalar: return nil
        case .sequence(let items):
            guard let index = Int(first), items.indices.contains(index) else { return nil }
            return items[index][path.dropFirst()]
        case .mapping(let fields):
            return fields.last { $0.name == first }?.value[path.dropFirst()]
        }
    }

    /// Takes away the value at a path, or the deepest that there is on the way to it.
    ///
    /// - Returns: whether there was one.
    mutating func remove(_ path: ArraySlice<String>) -> Bool {
        guard let first = path.first else { return false }
        switch content {
        case .scalar: return false
        case .sequence(var items):
            guard let index = Int(first), items.indices.contains(index) else { return false }
            if !items[index].remove(path.dropFirst()) { items.remove(at: index) }
            content = .sequence(items)
        case .mapping(var fields):
            guard let index = fields.lastIndex(where: { $0.name == first }) else { return false }
            if !fields[index].value.remove(path.dropFirst()) { fields.remove(at: index) }
            content = .mapping(fields)
        }
        return true
    }
}

/// A key of a mapping and its value.
struct SourceField: Sendable {
    var name: String
    var place: Place
    var value: SourceValue
}

/// The fields of a mapping whose keys were checked.
struct SourceFields {
    var place: Place
    var values: [String: SourceField] = [:]
    /// Keys that one that is not known was probably meant for: they are as good as given, and cannot be read.
    var meant: Set<String> = []
    /// Whether all keys are known.
    var isWhole = true

    subscript(name: String) -> SourceValue? { values[name]?.value }

    /// Whether a field is there, or was meant to be.
    func has(_ name: String) -> Bool { values[name] != nil || meant.contains(name) }

    /// Where a field's value stands, or the whole mapping where the field is not given.
    func place(of name: String) -> Place { values[name]?.value.place ?? place }
}

/// The lines of the file's text, to find where a word of a scalar stands.
struct SourceLines {
    private let lines: [[Unicode.Scalar]]

    init(_ text: String) {
        var lines: [[Unicode.Scalar]] = [[]]
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if scalar == "\n", previous == "\r" {
                // The second half of one line break.
            } else if Self.isBreak(scalar) {
                lines.append([])
            } else {
                lines[lines.count - 1].append(scalar)
            }
            previous = scalar
        }
        self.lines = lines
    }

    /// What libYAML takes for the end of a line.
    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    /// Where the scalar at an offset of a value's text stands; the value's own place where escapes or line breaks hide it.
    func place(of offset: Int, in text: String, at value: SourceValue) -> Place {
        guard value.place.line <= lines.count else { return value.place }
        let line = lines[value.place.line - 1]
        let start = value.place.column - 1 + (value.isPlain ? 0 : 1)
        let wanted = text.unicodeScalars.prefix(offset + 1)
        guard line.count >= start, line.dropFirst(start).starts(with: wanted) else { return value.place }
        return Place(line: value.place.line, column: start + offset + 1)
    }
}
