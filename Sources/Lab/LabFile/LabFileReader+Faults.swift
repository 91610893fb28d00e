import SimNetwork

// `faults:`: what stands from the beginning, and what happens at its time or when something else does.
extension LabFileReader {
    private static let entryKeys = ["at", "when", "after", "for", "every", "times"]
    /// A strike every millisecond is the most: each is an event.
    private static let intervals = Int64(1_000_000)...Int64(2_592_000_000_000_000)
    /// Thirty days, as the longest run.
    private static let spans = Int64(1)...Int64(2_592_000_000_000_000)

    /// Reads the list into what stands from the beginning and what is scheduled.
    mutating func readFaults(_ value: SourceValue) -> (standing: [Action], scheduled: [ScheduledAction]) {
        var standing: [Action] = []
        var scheduled: [ScheduledAction] = []
        for item in items(value, "faults") ?? [] {
            switch readFault(item) {
            case .standing(let action)?: standing.append(action)
            case .scheduled(let action)?:
                scheduled.append(action)
                places.faults.append(item.place)
            case nil: break
            }
        }
        return (standing, scheduled)
    }

    private enum Entry {
        case standing(Action)
        case scheduled(ScheduledAction)
    }

    private mutating func readFault(_ value: SourceValue) -> Entry? {
        guard case .mapping(let pairs) = value.content else {
            report(value.place, "a fault must be a mapping, as in {at: 5s, cut: client-server}, not \(value.kind)")
            return nil
        }
        guard let (form, operands, field) = readForm(pairs, at: value.place) else { return nil }
        var fields = SourceFields(place: value.place)
        for field in pairs where Self.entryKeys.contains(field.name) { fields.values[field.name] = field }
        let before = reported
        let action = readAction(form, operands)
        let trigger = readTrigger(fields)
        let times = readRepetition(fields)
        let lasts = fields["for"].flatMap { duration($0, "for", in: Self.spans) }
        guard let action, reported == before else { return nil }
        if let problem = action.problem(in: topology) {
            report(problem.operand.map { operands.place(of: $0) } ?? operands.place, problem.message)
            return nil
        }
        if let value = fields["for"], action.inverse == nil {
            report(value.place, "\(form.name) does not last; leave 'for' out")
            return nil
        }
        if let every = times.every, let lasts, lasts > every {
            report(fields.place(of: "for"), "it lasts longer than the time to its next strike; shorten 'for'")
            return nil
        }
        warnOfOutlasting(trigger, lasts: lasts, at: fields.place(of: "for"))
        if let trigger {
            return .scheduled(
                ScheduledAction(action, trigger, lasts: lasts, every: times.every, times: times.count))
        }
        guard fields.values.isEmpty else {
            let key = Self.entryKeys.first { fields[$0] != nil } ?? ""
            report(fields.place(of: key), "'\(key)' needs 'at' or 'when'")
            return nil
        }
        guard action.canStand else {
            let reason = action.heals ? "lifts what nothing has set yet" : "happens and is over"
            report(field.place, "\(form.name) \(reason); it needs 'at' or 'when'")
            return nil
        }
        return .standing(action)
    }

    // MARK: What

    /// The form that an entry names, and its operands: from the value of the name, and from the keys beside it.
    private mutating func readForm(_ pairs: [SourceField], at place: Place) -> (ActionForm, SourceFields, SourceField)?
    {
        let named = pairs.filter { !ActionForm.named($0.name).isEmpty }
        // A name may be another's operand: `delay` of `name-error`.
        let isOperand = { (field: SourceField) in
            named.contains { other in
                other.name != field.name && ActionForm.named(other.name).contains { $0.keys.contains(field.name) }
            }
        }
        guard let first = named.first(where: { !isOperand($0) }) ?? named.first else {
            reportUnknownFaults(pairs, at: place)
            return nil
        }
        let form = form(of: first, beside: pairs)
        var isRight = true
        var operands = SourceFields(place: first.place)
        for field in pairs where field.place != first.place && !Self.entryKeys.contains(field.name) {
            if form.keys.contains(field.name) {
                operands.values[field.name] = field
                continue
            }
            isRight = false
            let isSecond = named.contains { $0.place == field.place }
            report(
                field.place,
                isSecond
                    ? "a fault does one thing; \(first.name) is given already"
                    : form.unknownOperand(field.name, among: form.keys + Self.entryKeys))
        }
        if case .mapping(let inner) = first.value.content {
            for field in inner {
                if form.keys.contains(field.name) {
                    operands.values[field.name] = field
                } else {
                    isRight = false
                    report(field.place, form.unknownOperand(field.name, among: form.keys))
                }
            }
        } else if first.value.isNull, form.operands.allSatisfy(\.isOptional) {
            // Nothing is given where nothing need be.
        } else if let operand = form.operands.first {
            operands.values[operand.name] = SourceField(name: operand.name, place: first.place, value: first.value)
        } else if !isTrue(first.value) {
            report(first.value.place, "\(form.name) stands alone; write '\(form.name): true'")
            isRight = false
        }
        return isRight ? (form, operands.withSegmentNamed(of: form), first) : nil
    }

    /// Of the forms of a name the one that knows most of the keys that are given.
    private func form(of name: SourceField, beside pairs: [SourceField]) -> ActionForm {
        var given = pairs.map(\.name).filter { $0 != name.name && !Self.entryKeys.contains($0) }
        if case .mapping(let inner) = name.value.content { given += inner.map(\.name) }
        func known(_ form: ActionForm) -> Int { given.count { form.keys.contains($0) } }
        let forms = ActionForm.named(name.name)
        if case .scalar(let text) = name.value.content, ThingNames.operands(ofSegment: text) != nil,
            let form = forms.first(where: \.takesSegment)
        {
            return form
        }
        return forms.dropFirst().reduce(forms[0]) { best, form in known(form) > known(best) ? form : best }
    }

    /// Whether a value is `true`.
    private func isTrue(_ value: SourceValue) -> Bool {
        if case .scalar("true") = value.content { true } else { false }
    }

    /// Says what is wrong with an entry that names no fault: one of its keys may be meant for one.
    private mutating func reportUnknownFaults(_ pairs: [SourceField], at place: Place) {
        let unknown = pairs.filter { !Self.entryKeys.contains($0.name) && !ActionForm.allKeys.contains($0.name) }
        // What resembles an operand is none, where something else resembles a fault.
        let near = unknown.filter { Suggestion.nearest(to: $0.name, among: ActionForm.names + Self.entryKeys) != nil }
        for field in near.isEmpty ? unknown : near { report(field.place, unknownFault(field.name)) }
        if unknown.isEmpty { report(place, "a fault says what happens, as in {at: 5s, cut: client-server}") }
    }

    /// What is said of a key that is neither a fault nor one of the entry's other keys.
    private func unknownFault(_ name: String) -> String {
        if let near = Suggestion.nearest(to: name, among: ActionForm.names + Self.entryKeys) {
            return "unknown fault \(quoted(name)); did you mean '\(near)'?"
        }
        let offer = Suggestion.offer(for: name, among: ActionForm.names, all: ActionForm.whereAllAre)
        return "unknown fault \(quoted(name))\(offer)"
    }

    // MARK: When

    private mutating func readTrigger(_ fields: SourceFields) -> Trigger? {
        if let value = fields["at"] {
            if let other = fields["when"] { report(other.place, "a fault has 'at' or 'when', and not both") }
            if let other = fields["after"] {
                report(other.place, "'after' goes with 'when'; with 'at', add the times up")
            }
            return moment(value, "at").map { .at($0) }
        }
        guard let value = fields["when"] else { return nil }
        let after = fields["after"].map { duration($0, "after", in: 0...Self.spans.upperBound) } ?? 0
        if let after, let end = names.duration, after > end {
            report(
                fields.place(of: "after"),
                "'after' is longer than the lab, which lasts \(Scale.duration.text(end)): it never strikes")
        }
        guard let condition = readCondition(value), let after else { return nil }
        return .when(condition, after: after)
    }

    private mutating func readRepetition(_ fields: SourceFields) -> (every: Int64?, count: Int) {
        let every = fields["every"].flatMap { duration($0, "every", in: Self.intervals) }
        guard let value = fields["times"] else { return (every, 0) }
        if fields["every"] == nil { report(value.place, "'times' goes with 'every'") }
        return (every, integer(value, "times", in: 1...1_000_000) ?? 0)
    }

    /// A time within the run.
    mutating func moment(_ value: SourceValue, _ what: String) -> Int64? {
        guard let time = duration(value, what) else { return nil }
        guard let end = names.duration, time > end else { return time }
        report(value.place, "'\(what)' is after the end of the lab, which lasts \(Scale.duration.text(end))")
        return nil
    }
}

extension SourceFields {
    /// The fields with a segment's connection, side and number in place of its name: `c1>3`, as the screen has it.
    fileprivate func withSegmentNamed(of form: ActionForm) -> SourceFields {
        guard form.takesSegment, let named = values["connection"], case .scalar(let text) = named.value.content,
            values["side"] == nil, values["segment"] == nil, let operands = ThingNames.operands(ofSegment: text)
        else { return self }
        var fields = self
        for (name, operand) in zip(["connection", "side", "segment"], operands) {
            var value = named.value
            value.content = .scalar(operand)
            fields.values[name] = SourceField(name: name, place: named.place, value: value)
        }
        return fields
    }
}
