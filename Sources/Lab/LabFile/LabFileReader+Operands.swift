import PeerNetworking
import SimNetwork
import TCP

// What actions are given: the same reader for the entries of `faults:`, for hosts, and for lines typed by hand.
extension LabFileReader {
    /// Reads an action of a form from the fields of its operands.
    mutating func readAction(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        readOperands(form, fields).flatMap { action(form, $0, of: fields) }
    }

    /// The action that a form is with operands that were read from fields.
    mutating func action(_ form: ActionForm, _ operands: Operands, of fields: SourceFields) -> Action? {
        do throws(OperandProblem) {
            return try form.action(operands)
        } catch {
            report(error.operand.map { fields.place(of: $0) } ?? fields.place, error.message)
            return nil
        }
    }

    /// Reads the operands of a form; all that is wrong with them is reported.
    ///
    /// - Parameter given: operands that are not in the fields.
    mutating func readOperands(
        _ form: ActionForm, _ fields: SourceFields, beside given: Operands = Operands()
    ) -> Operands? {
        var operands = given
        let before = reported
        var isWhole = true
        var missing: ActionForm.Operand?
        for operand in form.operands where given[operand.name] == nil {
            guard let value = value(of: operand, in: fields) else {
                if !operand.isOptional, missing == nil { missing = operand }
                continue
            }
            operands[operand.name] = read(operand, value, of: form, beside: operands)
            // Names that may be missing because their section could not be read are no further mistake.
            isWhole = isWhole && operands[operand.name] != nil
        }
        guard isWhole, reported == before else { return nil }
        guard let missing else { return operands }
        report(fields.place, "\(form.name) needs \(missing.needed)")
        return nil
    }

    /// What stands under an operand's key, or under one that says what kind of thing is meant.
    private func value(of operand: ActionForm.Operand, in fields: SourceFields) -> (SourceValue, TargetKind?)? {
        for kind in operand.kind.targets { if let value = fields[kind.rawValue] { return (value, kind) } }
        return fields[operand.name].map { ($0, nil) }
    }

    private mutating func read(
        _ operand: ActionForm.Operand, _ source: (SourceValue, TargetKind?), of form: ActionForm,
        beside operands: Operands
    ) -> OperandValue? {
        let (value, kind) = source
        if case .scalar(let text) = value.content, operand.words.contains(text) { return .word(text) }
        let name = operand.name
        // The value of an action's name is spoken of by that name.
        let what = form.name
        switch operand.kind {
        case .link: return readLinkReference(value, what).map { .link($0) }
        case .direction: return readDirection(value, of: operands["link"] ?? operands["of"])
        case .host: return readHostName(value, what).map { .host($0) }
        case .hosts: return readHostList(value, what).map { .hosts($0) }
        case .groups: return readGroups(value, what)
        case .pair: return readPair(value, what)
        case .peer: return readPeerName(value, what).map { .peer($0) }
        case .service: return readService(value, what).map { .service($0) }
        case .connection: return readConnection(value).map { .connection($0) }
        case .side: return readSide(value).map { .side($0) }
        case .target(let kinds): return readTarget(value, kind.map { [$0] } ?? kinds, what)
        case .segment, .duration, .size, .rate, .count:
            return number(value, name, operand.kind).map { .number($0) }
        case .probability: return probability(value, name).map { .probability($0) }
        case .latency: return latency(value, name).map { .latency($0) }
        case .loss: return loss(value, name).map { .loss($0) }
        case .flag: return boolean(value, name).map { .flag($0) }
        case .site: return readSite(value).map { .text($0) }
        case .subject: return readSubject(value, of: operands["site"]).map { .text($0) }
        case .option:
            // Where it is not said of which option, that is what is wrong.
            guard case .word(let option)? = operands["option"], let knob = TCPKnob.named(option) else {
                return .number(0)
            }
            return self.value(value, of: knob, called: option).map { .number($0) }
        case .word: return choice(value, name, operand.words).map { .word($0) }
        }
    }

    /// A number of a kind that is one.
    mutating func number(_ value: SourceValue, _ what: String, _ kind: ActionForm.Operand.Kind) -> Int64? {
        switch kind {
        case .segment: integer(value, what, in: 1...Int.max).map { Int64($0) }
        case .duration(let range):
            quantity(value, what, range.lowerBound < 0 ? .signedDuration : .duration, in: range)
        case .size(let range): bytes(value, what, in: range)
        case .rate: rate(value, what)
        case .count(let range):
            integer(value, what, in: Int(range.lowerBound)...Int(range.upperBound)).map { Int64($0) }
        case .link, .direction, .host, .hosts, .groups, .pair, .peer, .service, .connection, .side, .target,
            .probability, .latency, .loss, .flag, .site, .subject, .option, .word:
            nil
        }
    }

    // MARK: Draws

    private mutating func readSite(_ value: SourceValue) -> String? {
        guard let site = text(value, "site", "a site's name") else { return nil }
        if DrawSite(site) != nil { return site }
        let offer = offer(
            for: site, among: DrawSite.names, all: "Tab lists all on the screen, and the documentation under Faults")
        report(value.place, "there is no site \(quoted(site))\(offer)")
        return nil
    }

    private mutating func readSubject(_ value: SourceValue, of site: OperandValue?) -> String? {
        guard let subject = text(value, "subject", "the name of what is drawn for"), case .text(let site)? = site else {
            return nil
        }
        // Names of subjects have arrows; keyboards have none.
        let name = subject.split(separator: "->", omittingEmptySubsequences: false).joined(separator: "→")
        guard names.hostsAreKnown, names.linksAreKnown else { return name }
        guard let problem = topology.problem(withSubject: name, of: site) else { return name }
        report(value.place, problem)
        return nil
    }

    /// One of a few words.
    mutating func choice(_ value: SourceValue, _ what: String, _ known: [String]) -> String? {
        guard let text = text(value, what, listing(known, "or")) else { return nil }
        if known.contains(text) { return text }
        let hint = hint(for: text, among: known)
        guard known.count <= 8 else {
            report(value.place, "there is no \(what) \(quoted(text))\(hint)")
            return nil
        }
        report(value.place, "'\(what)' must be \(listing(known, "or")), not \(quoted(text))\(hint)")
        return nil
    }
}
