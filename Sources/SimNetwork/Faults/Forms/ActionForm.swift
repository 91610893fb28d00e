/// How an action is written: its name, and what follows it.
///
/// One for lab files, commands, scripts and recordings. In a lab file the value of the name is the first operand, and the
/// others are keys beside it; on a line the operands that must be there follow in their order, and the others as
/// `key=value`.
package struct ActionForm: Sendable {
    /// What records, and so digests, know it by: no other form's, the next one for a new form, and for good.
    let number: Int
    /// The name: no other action's, unless it has other operands.
    package var name: String
    /// A shorter name, for hands.
    package var alias: String?
    /// What the action is given, in the order in which it is written.
    package let operands: [Operand]
    /// The names of these.
    let operandNames: [String]
    /// What it does, in a sentence.
    package var help: String
    /// It lifts what it is given, and does not set it.
    var lifts: Bool

    /// Describes a form.
    init(
        _ number: Int, _ name: String, alias: String? = nil, _ operands: [Operand], _ help: String, lifts: Bool = false
    ) {
        self.number = number
        self.name = name
        self.alias = alias
        self.operands = operands
        operandNames = operands.map(\.name)
        self.help = help
        self.lifts = lifts
    }

    /// Looks whether every operand is within its range.
    func check(_ operands: Operands) throws(OperandProblem) {
        var wrong: Int?
        operands.forEach(of: operandNames) { place, value in
            if wrong == nil, !self.operands[place].kind.takes(value, words: self.operands[place].words) {
                wrong = place
            }
        }
        guard let wrong else { return }
        let operand = self.operands[wrong]
        throw OperandProblem(operand.name, "'\(operand.name)' must be \(operand.expected)")
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
}
