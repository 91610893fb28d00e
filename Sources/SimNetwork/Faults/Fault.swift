/// What an action sets, lifts or does: its name, how it is written, and what it does to the world.
///
/// A fault is a type in a file of its own and a line of the catalogue (``ActionForm/all``); all else follows from what it
/// says here.
package protocol Fault: Hashable, Sendable {
    /// What it is done to, as the world has it.
    associatedtype Target

    /// The family it is counted under.
    var family: FaultFamily { get }
    /// How it is written.
    var form: ActionForm { get }
    /// What it is given, by the names of its form; what ``init(_:)`` reads back.
    var operands: Operands { get }

    /// Makes it of what its form was given. What has a default is there.
    ///
    /// - Throws: ``OperandProblem`` for operands of which none can be made.
    init(_ operands: Operands) throws(OperandProblem)

    /// Looks whether what it is given goes together; the ranges of its operands are its form's.
    ///
    /// - Throws: ``OperandProblem`` where it does not.
    func check() throws(OperandProblem)

    /// Finds what it is done to; the world is as it was until that is found.
    ///
    /// - Throws: ``ActionError`` when there is nothing to act on.
    func target(in world: World) throws(ActionError) -> Target

    /// Does it, within the current event.
    func act(on target: Target, in world: World)

    /// What undoes exactly this, once it is done.
    func undo(_ target: Target) -> Action?

    /// Carries it out: finds what it is done to, and does it.
    ///
    /// - Parameter action: the action that it is.
    /// - Returns: what undoes exactly this; nil where nothing does.
    /// - Throws: ``ActionError`` when there is nothing to act on; then nothing has changed.
    func carryOut(as action: Action, in world: World) throws(ActionError) -> Action?

    /// Whether another is the same.
    func isSame(as other: any Fault) -> Bool
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

/// What can be set and lifted again, each in a file of its own.
enum Settings {}

/// What happens and is over, each in a file of its own.
enum Deeds {}

extension Fault {
    package func check() throws(OperandProblem) {}

    // A requirement and no function of the world, so that it is compiled for each fault by itself.
    package func carryOut(as action: Action, in world: World) throws(ActionError) -> Action? {
        do throws(OperandProblem) {
            try form.check(operands)
            try check()
        } catch {
            throw ActionError(error.message)
        }
        let target = try target(in: world)
        world.count(action)
        act(on: target, in: world)
        if action.isListed { world.stand(action) }
        return undo(target)
    }

    package func isSame(as other: any Fault) -> Bool { (other as? Self) == self }
}

extension Setting {
    package var canStand: Bool { true }
    package func isLifted(with other: Self) -> Bool { lifted == other }
    package static var isLayered: Bool { true }
    package static var isListed: Bool { true }
    package func undo(_ target: Target) -> Action? { Action(self).inverse }

    /// What lifts it, as an action.
    var lift: Action { Action(lifted) }

    func isLifted(withAny other: any Setting) -> Bool { (other as? Self).map(isLifted(with:)) ?? false }
}

extension Deed {
    package var heals: Bool { false }
    package var inverse: Action? { nil }
    package func undo(_ target: Target) -> Action? { inverse }
}

extension Action {
    /// What it sets, without to what, as the action that lifts it; nil for one that sets nothing, or nothing that another
    /// could set otherwise.
    var setting: Action? {
        switch kind {
        case .set(let setting), .lift(let setting): type(of: setting).isLayered ? setting.lift : nil
        case .deed: nil
        }
    }

    /// Whether what has been set here is lifted with another setting.
    func isLifted(with other: Action) -> Bool {
        switch (kind, other.kind) {
        case (.set(let setting), .lift(let lifting)): setting.isLifted(withAny: lifting)
        case (.set, .set), (.set, .deed), (.lift, _), (.deed, _): false
        }
    }

    /// The state shows it as an action that stands.
    var isListed: Bool {
        switch kind {
        case .set(let setting), .lift(let setting): type(of: setting).isListed
        case .deed: false
        }
    }

    /// Draws decide when it strikes: that it is set strikes nobody.
    var isDrawn: Bool {
        switch kind {
        case .set: FaultSite.families.contains(family)
        case .lift, .deed: false
        }
    }
}

extension FaultSite {
    /// The families that strike where a draw says so.
    fileprivate static let families = Set(allCases.map(\.family))
}
