import Bug

/// How a fault is done to a world; said in the fault's own file.
///
/// Faults know the world, and the world knows none of them: the catalogue hands it what they do.
protocol Acting: Fault {
    /// What it is done to, as the world has it.
    associatedtype Target

    /// Finds what it is done to; the world is as it was until that is found.
    ///
    /// - Throws: ``ActionError`` when there is nothing to act on.
    func target(in world: World) throws(ActionError) -> Target

    /// Does it, within the current event.
    func act(on target: Target, in world: World)

    /// What undoes exactly this, once it is done.
    ///
    /// - Parameter action: the action that it is.
    func undo(_ target: Target, of action: Action) -> Action?

    /// The action as it was done, with the stable name of what it was done to where that has one: so it is found again by
    /// whichever.
    func name(_ action: Action, doneTo target: Target) -> Action

    /// Whether, as the end of something else, it need not be done: somebody was faster.
    func isNeedless(in world: World) -> Bool

    /// How chaos draws its family; nil for what chaos does not draw.
    static var chaos: ChaosSource? { get }
}

extension Acting {
    func name(_ action: Action, doneTo target: Target) -> Action { action }
    func isNeedless(in world: World) -> Bool { false }
    static var chaos: ChaosSource? { nil }

    /// Carries it out: finds what it is done to, and does it.
    ///
    /// - Parameter action: the action that it is.
    /// - Throws: ``ActionError`` when there is nothing to act on; then nothing has changed.
    func carryOut(_ action: Action, in world: World) throws(ActionError) -> World.Done {
        if let problem = action.problem { throw ActionError(problem.message) }
        let target = try target(in: world)
        world.count(action)
        act(on: target, in: world)
        if action.isListed { world.stand(action) }
        return World.Done(action: name(action, doneTo: target), undo: undo(target, of: action))
    }
}

extension Acting where Self: Setting {
    func undo(_ target: Target, of action: Action) -> Action? { action.inverse }
}

extension Acting where Self: Deed {
    func undo(_ target: Target, of action: Action) -> Action? { inverse }
}

/// What a type of faults does, for those who have an action and not the type.
struct Act: Sendable {
    let carryOut: @Sendable (Action, World) throws(ActionError) -> World.Done
    let isNeedless: @Sendable (Action, World) -> Bool

    init<Made: Acting>(_: Made.Type) {
        @Sendable func made(_ action: Action) -> Made {
            guard let fault = action.fault as? Made else { bug("\(action.fault) is no \(Made.self)") }
            return fault
        }
        carryOut = { action, world throws(ActionError) in try made(action).carryOut(action, in: world) }
        isNeedless = { action, world in made(action).isNeedless(in: world) }
    }
}
