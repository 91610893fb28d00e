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
package struct Operands: Equatable, Sendable {
    /// In no order that counts: that is the form's. They are few, and found faster one after the other than by their hashes.
    private var values: [(name: String, value: OperandValue)] = []

    /// Nothing.
    package init() {}

    /// Values by name; what is nil is not given.
    init(_ given: KeyValuePairs<String, OperandValue?>) {
        values.reserveCapacity(given.count + 2)
        for case (let name, let value?) in given { values.append((name, value)) }
    }

    /// What an operand is given; nil where it is not given.
    package subscript(name: String) -> OperandValue? {
        get { values.first { $0.name == name }?.value }
        set {
            let index = values.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): values[index].value = value
            case (let index?, nil): values.remove(at: index)
            case (nil, let value?): values.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// Calls with what each of some operands is given, where it is given something; they are mostly in that order.
    func forEach(of names: [String], _ body: (_ place: Int, _ value: borrowing OperandValue) -> Void) {
        for (place, name) in names.enumerated() {
            if place < values.count, values[place].name == name {
                body(place, values[place].value)
            } else if let index = values.firstIndex(where: { $0.name == name }) {
                body(place, values[index].value)
            }
        }
    }

    /// The same are given.
    package static func == (left: Operands, right: Operands) -> Bool {
        left.values.count == right.values.count && left.values.allSatisfy { right[$0.name] == $0.value }
    }

    /// An operand that must be there.
    func require<Value: OperandType>(_ name: String, as type: Value.Type = Value.self) throws(OperandProblem) -> Value {
        guard let value = try find(name, as: type) else { throw OperandProblem(nil, "'\(name)' is missing") }
        return value
    }

    /// An operand that may be left out.
    func find<Value: OperandType>(_ name: String, as type: Value.Type = Value.self) throws(OperandProblem) -> Value? {
        guard let operand = self[name] else { return nil }
        guard let value = Value(operand) else { throw OperandProblem(name, "'\(name)' is something else than needed") }
        return value
    }
}
