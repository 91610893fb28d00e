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

    /// All that it is. Actions are copied, compared and written more often than they are made: what that takes is found
    /// once.
    private final class Whole: Sendable {
        let kind: Kind
        /// The type of what is set, lifted or done.
        let faultType: ObjectIdentifier
        /// What records say of it: of another action other bytes.
        let bytes: [UInt8]
        /// The stable hash of those.
        let key: UInt64
        /// Why it cannot be done to any network; nil where it can.
        let problem: OperandProblem?
        /// What lifts it; nil for what sets nothing.
        let lift: Action?

        init<Made: Fault>(_ kind: Kind, _ fault: Made, lift: Action? = nil) {
            let (form, operands) = (fault.form, fault.operands)
            self.kind = kind
            self.lift = lift
            faultType = ObjectIdentifier(Made.self)
            bytes = RecordWriter.bytes(of: operands, by: form)
            key = Draw.stableHash(bytes)
            do throws(OperandProblem) {
                try form.check(operands)
                try fault.check()
                problem = nil
            } catch {
                problem = error
            }
        }
    }

    private let whole: Whole

    init<Made: Setting>(_ setting: Made) {
        let lifted = setting.lifted
        whole =
            setting == lifted
            ? Whole(.lift(setting), setting)
            : Whole(.set(setting), setting, lift: Action(lifting: lifted))
    }

    private init(lifting setting: some Setting) { whole = Whole(.lift(setting), setting) }

    init(_ deed: some Deed) { whole = Whole(.deed(deed), deed) }

    /// Which of the three it is.
    package var kind: Kind { whole.kind }
    /// The type of what is set, lifted or done.
    var faultType: ObjectIdentifier { whole.faultType }
    /// What records say of it.
    var bytes: [UInt8] { whole.bytes }
    /// Why it cannot be done to any network; nil where it can.
    var problem: OperandProblem? { whole.problem }

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
        case .set, .lift: whole.lift
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
    /// Actions are the same where records say the same of them: they say all.
    public static func == (left: Action, right: Action) -> Bool {
        left.whole === right.whole || left.whole.key == right.whole.key && left.whole.bytes == right.whole.bytes
    }

    /// Hashes what records say of it.
    public func hash(into hasher: inout Hasher) { hasher.combine(whole.key) }
}
