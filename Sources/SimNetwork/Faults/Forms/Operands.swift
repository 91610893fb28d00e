/// Why operands do not make an action.
package struct OperandProblem: Error, Hashable, Sendable {
    /// The operand that is wrong; nil where it is what they are together.
    package var operand: String?
    /// What is wrong, as a sentence for the user.
    package var message: String

    /// Says what is wrong with an operand, or with all of them.
    init(_ operand: String?, _ message: String) {
        self.operand = operand
        self.message = message
    }
}

/// What an action is given, by the names of its form.
package struct Operands: Hashable, Sendable {
    /// Looked up, never iterated over: the order is the form's.
    private var values: [String: OperandValue] = [:]

    /// Nothing.
    package init() {}

    /// Values by name; what is nil is not given.
    init(_ given: KeyValuePairs<String, OperandValue?>) {
        for (name, value) in given { values[name] = value }
    }

    /// What an operand is given; nil where it is not given.
    package subscript(name: String) -> OperandValue? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// An operand that must be there.
    func require<Value: OperandType>(_ name: String, as type: Value.Type = Value.self) throws(OperandProblem) -> Value {
        guard let value = try find(name, as: type) else { throw OperandProblem(nil, "'\(name)' is missing") }
        return value
    }

    /// An operand that may be left out.
    func find<Value: OperandType>(_ name: String, as type: Value.Type = Value.self) throws(OperandProblem) -> Value? {
        guard let operand = values[name] else { return nil }
        guard let value = Value(operand) else { throw OperandProblem(name, "'\(name)' is something else than needed") }
        return value
    }
}
