/// How an action is written: its name, and what follows it.
///
/// One for lab files, commands, scripts and recordings. In a lab file the value of the name is the first operand, and the
/// others are keys beside it; on a line the operands that must be there follow in their order, and the others as
/// `key=value`.
package struct ActionForm: Sendable {
    /// The name: no other action's, unless it has other operands.
    package var name: String
    /// A shorter name, for hands.
    package var alias: String?
    /// What the action is given, in the order in which it is written.
    package var operands: [Operand]
    /// What it does, in a sentence.
    package var help: String
    /// The action that it is with operands, which are not looked at.
    private(set) var make: @Sendable (Operands) throws(OperandProblem) -> Action

    /// Describes a form, whose operands make an action.
    init(
        _ name: String, alias: String? = nil, _ operands: [Operand], _ help: String,
        make: @escaping @Sendable (Operands) throws(OperandProblem) -> Action
    ) {
        self.name = name
        self.alias = alias
        self.operands = operands
        self.help = help
        self.make = make
    }

    /// The form of a setting.
    init<Made: Setting>(
        _ name: String, alias: String? = nil, _ operands: [Operand], _ help: String, sets: Made.Type
    ) {
        self.init(name, alias: alias, operands, help) { operands throws(OperandProblem) in Action(try Made(operands)) }
    }

    /// The form that lifts a setting.
    init<Made: Setting>(
        _ name: String, alias: String? = nil, _ operands: [Operand], _ help: String, lifts: Made.Type
    ) {
        self.init(name, alias: alias, operands, help) { operands throws(OperandProblem) in
            Action(try Made(operands).lifted)
        }
    }

    /// The form of a deed.
    init<Made: Deed>(
        _ name: String, alias: String? = nil, _ operands: [Operand], _ help: String, does: Made.Type
    ) {
        self.init(name, alias: alias, operands, help) { operands throws(OperandProblem) in Action(try Made(operands)) }
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
        let action = try make(operands)
        try action.fault.check()
        return action
    }

    /// Its place among all forms.
    var number: Int {
        let same = Self.places[name] ?? []
        return (same.count == 1 ? same.first : same.first { Self.all[$0].keys == keys }) ?? 0
    }

    /// The places of the forms of a name; looked up, never iterated over.
    private static let places = Dictionary(grouping: all.indices, by: { all[$0].name })

    /// Looks whether every operand is within its range.
    func check(_ operands: Operands) throws(OperandProblem) {
        for operand in self.operands {
            guard let value = operands[operand.name], !operand.kind.takes(value, words: operand.words) else { continue }
            throw OperandProblem(operand.name, "'\(operand.name)' must be \(operand.expected)")
        }
    }

    /// All keys that an entry of this form may have.
    package var keys: [String] { operands.flatMap { [$0.name] + $0.kind.targets.map(\.rawValue) } }

    /// The operands that are written without their names, in their order: those that must be there, then what may be left
    /// out where there is but one such, or where it comes first.
    package var byPlace: [Operand] {
        let optional = operands.filter(\.isOptional)
        let isClear = optional.count == 1 || operands.first?.isOptional == true
        return operands.filter { !$0.isOptional } + (isClear ? Array(optional.prefix(1)) : [])
    }

    /// The form as help shows it: `cut LINK [FROM->TO]`.
    package var text: String { text(named: name) }

    /// The form as help shows it, by its name or its shorter one.
    package func text(named name: String) -> String { arguments.isEmpty ? name : "\(name) \(arguments)" }

    /// What follows the name.
    package var arguments: String {
        let places = Set(byPlace.map(\.name))
        return operands.map { operand in
            let text = places.contains(operand.name) ? operand.metavariable : "\(operand.name)=\(operand.metavariable)"
            return operand.isOptional ? "[\(text)]" : text
        }.joined(separator: " ")
    }

    /// The forms of a name or alias: one, or the two of `drop`.
    package static func named(_ name: String) -> [ActionForm] { all.filter { $0.name == name || $0.alias == name } }

    /// All keys of all forms.
    package static let allKeys = Set(all.flatMap(\.keys))

    /// The names, each once.
    package static let names: [String] = all.reduce(into: []) { names, form in
        if names.last != form.name { names.append(form.name) }
    }

    /// Every action, in the order of the catalogue.
    package static let all: [ActionForm] = catalogue.flatMap { $0 }
}
