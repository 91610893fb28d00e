// The forms of the catalogue by their names.
extension ActionForm {
    /// Every form, in the order of the catalogue.
    package static var all: [ActionForm] { Catalogue.forms }

    /// The forms of a name or alias: one, or the two of `drop`.
    package static func named(_ name: String) -> [ActionForm] { all.filter { $0.name == name || $0.alias == name } }

    /// All keys of all forms.
    package static let allKeys = Set(all.flatMap(\.keys))

    /// The names, each once.
    package static let names: [String] = all.reduce(into: []) { names, form in
        if names.last != form.name { names.append(form.name) }
    }

    /// The action that it is with operands.
    ///
    /// - Throws: ``OperandProblem`` where one is missing, out of its range, or does not go with the others.
    package func action(_ operands: Operands) throws(OperandProblem) -> Action {
        var operands = operands
        for operand in self.operands where operands[operand.name] == nil {
            operands[operand.name] = operand.usual
            guard operand.usual != nil || operand.isOptional else {
                throw OperandProblem(nil, "\(name) needs '\(operand.name)'")
            }
        }
        try check(operands)
        let action = try Catalogue.action(number, operands)
        if let problem = action.problem { throw problem }
        return action
    }
}
