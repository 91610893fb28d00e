/// What an action sets, lifts or does, as data: its name, how it is written, and what it is given.
///
/// A fault is a type in a file of its own and a line of the catalogue; all else follows from what it says here and, of
/// what it does to a world, as an ``Acting``. Records, layers, conditions and schedules know this much of it alone.
package protocol Fault: Hashable, Sendable {
    /// The family it is counted under.
    var family: FaultFamily { get }
    /// All the forms that it is written in.
    static var forms: [ActionForm] { get }
    /// How it is written.
    var form: ActionForm { get }
    /// What it is given, by the names of its form; what ``init(_:by:)`` reads back.
    var operands: Operands { get }

    /// Makes it of what its form was given. What has a default is there.
    ///
    /// - Throws: ``OperandProblem`` for operands of which none can be made.
    init(_ operands: Operands) throws(OperandProblem)

    /// Makes it of what one of its forms was given, as ``init(_:)`` does where there is but one.
    init(_ operands: Operands, by form: ActionForm) throws(OperandProblem)

    /// Looks whether what it is given goes together; the ranges of its operands are its form's.
    ///
    /// - Throws: ``OperandProblem`` where it does not.
    func check() throws(OperandProblem)
}

/// Something about the network that can be set and lifted again.
package protocol Setting: Fault {
    /// The same setting as it is where nothing is done to the network: what lifts it.
    var lifted: Self { get }

    /// Whether it may be set from the beginning of a run.
    var canStand: Bool { get }

    /// Whether what it has set is lifted with another.
    func isLifted(with other: Self) -> Bool

    /// What is set above it covers it, and it comes back when that ends.
    static var isLayered: Bool { get }

    /// The network's state shows it as an action that stands, and not as a state of links and hosts.
    static var isListed: Bool { get }
}

/// Something that happens to the network and is over.
package protocol Deed: Fault {
    /// Whether it ends faults instead of being one.
    var heals: Bool { get }

    /// What undoes what has come of it; nil where nothing can.
    var inverse: Action? { get }
}

/// A fault that is written in one form.
protocol OneForm: Fault {
    /// The form.
    static var form: ActionForm { get }
}

/// What can be set and lifted again, each in a file of its own.
enum Settings {}

/// What happens and is over, each in a file of its own.
enum Deeds {}

extension Fault {
    package func check() throws(OperandProblem) {}
}

extension Setting {
    package var canStand: Bool { true }
    package func isLifted(with other: Self) -> Bool { lifted == other }
    package static var isLayered: Bool { true }
    package static var isListed: Bool { true }

    package init(_ operands: Operands, by form: ActionForm) throws(OperandProblem) {
        let made = try Self(operands)
        self = form.lifts ? made.lifted : made
    }

    /// What lifts it, as an action.
    var lift: Action { Action(lifted) }

    func isLifted(withAny other: any Setting) -> Bool { (other as? Self).map(isLifted(with:)) ?? false }
}

extension Deed {
    package var heals: Bool { false }
    package var inverse: Action? { nil }
    package init(_ operands: Operands, by form: ActionForm) throws(OperandProblem) { try self.init(operands) }
}

extension OneForm {
    static var forms: [ActionForm] { [form] }
    var form: ActionForm { Self.form }
}
