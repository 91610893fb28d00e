/// Something done to a running network: by a lab's schedule, a script, or a hand on the screen.
///
/// It sets a setting of the network, lifts one, or is a deed that happens and is over. Each of them is a type in a file of
/// its own, with a function here that makes an action of it. What lasts is undone by its ``inverse``.
public struct Action: Hashable, Sendable {
    /// The three things that an action can be.
    package enum Kind: Sendable {
        /// A setting is set to something that it is not where nothing is done to the network.
        case set(any Setting)
        /// A setting is given back what it is where nothing is done to the network.
        case lift(any Setting)
        /// Something happens and is over.
        case deed(any Deed)
    }

    /// Which of the three it is.
    package let kind: Kind

    init(_ setting: some Setting) { kind = setting == setting.lifted ? .lift(setting) : .set(setting) }

    init(_ deed: some Deed) { kind = .deed(deed) }

    /// What is set, lifted or done.
    package var fault: any Fault {
        switch kind {
        case .set(let setting), .lift(let setting): setting
        case .deed(let deed): deed
        }
    }

    /// The family it is counted under.
    public var family: FaultFamily { fault.family }
    /// How it is written.
    package var form: ActionForm { fault.form }
    /// What it is given, as its form has it.
    package var operands: Operands { fault.operands }

    /// Whether it ends a fault instead of starting one.
    public var heals: Bool {
        switch kind {
        case .set: false
        case .lift: true
        case .deed(let deed): deed.heals
        }
    }

    /// What undoes it, for actions that last a while; nil for those that happen and are over.
    ///
    /// A partition drawn when it strikes is undone by the world, which knows it.
    public var inverse: Action? {
        switch kind {
        case .set(let setting): setting.lift
        case .lift: nil
        case .deed(let deed): deed.inverse
        }
    }

    /// Whether it may stand from the beginning of a run: it is a property of hosts, links or calls, and of nothing that is
    /// there only later.
    public var canStand: Bool {
        switch kind {
        case .set(let setting): setting.canStand
        case .lift, .deed: false
        }
    }

    /// Whether a host is among what it is given.
    package func concerns(_ host: HostID) -> Bool {
        form.operands.contains { operands[$0.name]?.names(host) ?? false }
    }
}

extension Action {
    /// Actions are the same where what is set, lifted or done is: the kind follows from that.
    public static func == (left: Action, right: Action) -> Bool {
        switch (left.kind, right.kind) {
        case (.set(let left), .set(let right)), (.lift(let left), .lift(let right)):
            type(of: left) == type(of: right) && left.isSame(as: right)
        case (.deed(let left), .deed(let right)): type(of: left) == type(of: right) && left.isSame(as: right)
        case (.set, .lift), (.set, .deed), (.lift, .set), (.lift, .deed), (.deed, .set), (.deed, .lift): false
        }
    }

    /// Hashes what is set, lifted or done.
    public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(fault)) }
}
