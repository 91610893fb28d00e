import SimNetwork

extension LabFileWriter {
    /// An entry of `faults:` for what stands from the beginning.
    func entry(of action: Action) -> SourceValue { .fields(fields(of: action)) }

    /// An entry of `faults:` for what happens at its time.
    func entry(of scheduled: ScheduledAction) -> SourceValue {
        let duration = Scale.duration.text
        var fields: [SourceField] = []
        switch scheduled.trigger {
        case .at(let time): fields.append(SourceField("at", duration(time)))
        case .when(let condition, let after):
            fields.append(SourceField("when", condition.text(in: lab)))
            if after > 0 { fields.append(SourceField("after", duration(after))) }
        }
        fields += self.fields(of: scheduled.action)
        if let lasts = scheduled.lasts { fields.append(SourceField("for", duration(lasts))) }
        if let every = scheduled.every { fields.append(SourceField("every", duration(every))) }
        if scheduled.times > 0 { fields.append(SourceField("times", "\(scheduled.times)")) }
        return .fields(fields)
    }

    /// The action's name with its first operand, and the others beside it.
    private func fields(of action: Action) -> [SourceField] {
        let (form, operands) = (action.form, self.operands.fields(of: action))
        guard !operands.isEmpty else {
            return [SourceField(form.name, form.operands.isEmpty ? .text("true") : .nothing)]
        }
        // Alone behind the name stands what the form has first, and nothing that looks like further operands.
        if operands[0].name == form.operands[0].name, !operands[0].value.isMapping {
            return [SourceField(form.name, operands[0].value)] + operands.dropFirst()
        }
        return [SourceField(form.name, .fields(operands))]
    }
}

extension SourceValue {
    fileprivate var isMapping: Bool { if case .mapping = content { true } else { false } }
}
