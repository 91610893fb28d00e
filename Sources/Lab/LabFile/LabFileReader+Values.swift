import SimNetwork

// Each of these reads a value, or reports why it cannot and gives nil.
extension LabFileReader {
    /// A mapping whose keys are all known.
    mutating func fields(_ value: SourceValue, _ what: String, keys: [String]) -> SourceFields? {
        guard case .mapping(let pairs) = value.content else {
            report(value.place, "\(what) must be a mapping with \(listing(keys)), not \(value.kind)")
            return nil
        }
        var fields = SourceFields(place: value.place)
        for field in pairs {
            if keys.contains(field.name) {
                fields.values[field.name] = field
            } else {
                reportUnknown("key", field.name, at: field.place, known: keys, of: what)
                fields.isWhole = false
                if let near = Suggestion.nearest(to: field.name, among: keys) { fields.meant.insert(near) }
            }
        }
        return fields
    }

    /// Reports a name that is not one of a few: with the nearest of them, or all.
    mutating func reportUnknown(_ kind: String, _ name: String, at place: Place, known: [String], of what: String) {
        let offer = offer(
            for: name, among: known, "\(what) may have", all: "the documentation lists all under Lab files")
        report(place, "unknown \(kind) \(quoted(name))\(offer)")
    }

    /// A field that must be there; one that is misspelt is reported already.
    mutating func require(_ fields: SourceFields, _ name: String, of what: String) -> SourceValue? {
        if let value = fields[name] { return value }
        if fields.meant.contains(name) { return nil }
        report(fields.place, "\(what) needs '\(name)'")
        return nil
    }

    mutating func items(_ value: SourceValue, _ what: String) -> [SourceValue]? {
        switch value.content {
        case .sequence(let items): return items
        case .scalar where value.isNull: return []
        case .scalar, .mapping:
            report(value.place, "'\(what)' must be a list, not \(value.kind)")
            return nil
        }
    }

    /// A single value's text.
    mutating func text(_ value: SourceValue, _ what: String, _ expected: String) -> String? {
        guard case .scalar(let text) = value.content, !value.isNull else {
            report(value.place, "'\(what)' must be \(expected), not \(value.kind)")
            return nil
        }
        return text
    }

    /// A text for the screen, on one line.
    mutating func line(_ value: SourceValue, _ what: String) -> String? {
        guard let text = text(value, what, "a text") else { return nil }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            report(value.place, "'\(what)' must be one line without control characters")
            return nil
        }
        return text
    }

    mutating func boolean(_ value: SourceValue, _ what: String) -> Bool? {
        guard let text = text(value, what, "true or false") else { return nil }
        switch text {
        case "true", "yes": return true
        case "false", "no": return false
        default:
            report(value.place, "'\(what)' must be true or false (or yes or no), not \(quoted(text))")
            return nil
        }
    }

    mutating func integer(_ value: SourceValue, _ what: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(value, what, "a number") else { return nil }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            report(value.place, "'\(what)' must be a whole number, not \(quoted(text))")
            return nil
        }
        if let number = Int(text), range.contains(number) { return number }
        let bounds =
            range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound)…\(range.upperBound)"
        let isTooLarge = range.upperBound == .max && !text.hasPrefix("-") && Int(text) == nil
        report(
            value.place,
            isTooLarge
                ? "'\(what)': \(quoted(text)) is too large" : "'\(what)' must be \(bounds), not \(quotable(text))")
        return nil
    }

    mutating func number(_ value: SourceValue, _ what: String, in range: ClosedRange<Double>) -> Double? {
        guard let text = text(value, what, "a number") else { return nil }
        let isDecimal = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || [0x2E, 0x2B, 0x2D, 0x45, 0x65].contains(byte)
        }
        if isDecimal, let number = Double(text) {
            if range.contains(number) { return number }
            report(
                value.place,
                "'\(what)' must be \(bound(range.lowerBound))…\(bound(range.upperBound)), not \(quotable(text))")
        } else if text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) {
            report(value.place, "'\(what)' must be a number; did you mean '\(percent / 100)'?")
        } else {
            report(value.place, "'\(what)' must be a number, not \(quoted(text))")
        }
        return nil
    }

    private func bound(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }

    mutating func probability(_ value: SourceValue, _ what: String) -> Probability? {
        number(value, what, in: 0...1).map { Probability($0) }
    }

    mutating func duration(_ value: SourceValue, _ what: String, in range: ClosedRange<Int64>? = nil) -> Int64? {
        quantity(value, what, .duration, in: range)
    }

    mutating func size(_ value: SourceValue, _ what: String, in range: ClosedRange<Int64>? = nil) -> Int64? {
        quantity(value, what, .size, in: range)
    }

    /// A size that may stand without its unit: what is counted in bytes alone.
    mutating func bytes(_ value: SourceValue, _ what: String, in range: ClosedRange<Int64>) -> Int64? {
        if case .scalar(let text) = value.content, !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return integer(value, what, in: Int(range.lowerBound)...Int(range.upperBound)).map { Int64($0) }
        }
        return size(value, what, in: range)
    }

    /// A duration that may be negative, no further from 0 than a bound.
    mutating func signedDuration(_ value: SourceValue, _ what: String, within bound: Int64) -> Int64? {
        quantity(value, what, .signedDuration, in: -bound...bound)
    }

    /// A number with a unit.
    mutating func quantity(
        _ value: SourceValue, _ what: String, _ scale: Scale, in range: ClosedRange<Int64>?
    ) -> Int64? {
        guard let text = text(value, what, "a \(scale.quantity)") else { return nil }
        do throws(Scale.Problem) {
            let amount = try scale.read(text)
            if range?.contains(amount) ?? true { return amount }
        } catch {
            report(value.place, "'\(what)': \(error.message)")
            return nil
        }
        if let range {
            let bounds = "\(scale.text(range.lowerBound))…\(scale.text(range.upperBound))"
            report(value.place, "'\(what)' must be \(bounds), not \(quotable(text))")
        }
        return nil
    }

    mutating func port(_ text: String, at place: Place) -> UInt16? {
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isNumber, let port = UInt16(text), port > 0 { return port }
        report(
            place,
            isNumber
                ? "port \(quotable(text)) is out of range; a port is 1…65535"
                : "port \(quoted(text)) is not a number; a port is 1…65535")
        return nil
    }

    mutating func host(_ name: String, at place: Place) -> HostID? {
        if let host = names.hosts[name] { return host }
        if names.hostsAreKnown {
            report(place, "there is no host \(quoted(name))\(offer(for: name, among: names.hostNames))")
        }
        return nil
    }

    mutating func peer(_ name: String, at place: Place) -> ProcessID? {
        if let peer = names.peers[name] { return peer }
        if names.peersAreKnown {
            report(place, "there is no peer \(quoted(name))\(offer(for: name, among: names.peerNames))")
        }
        return nil
    }
}
