import Bug

/// All that can be done to a network: what is not here cannot be written, read back or carried out.
///
/// It stands above the world: it knows the faults, and they know the world that they are done to.
enum Catalogue {
    /// A line for each type, in the order in which the forms are listed and chaos draws families: that decides which of them
    /// go together in pairwise runs.
    private static let lines: [Line] = [
        // Links
        Line(Settings.Cut.self),
        Line(Settings.LinkLatency.self),
        Line(Settings.SlowWay.self),
        Line(Settings.Bandwidth.self),
        Line(Settings.Queue.self),
        Line(Settings.MTU.self),
        Line(Settings.Loss.self),
        Line(Settings.Duplicate.self),
        Line(Settings.Reorder.self),
        Line(Settings.Corrupt.self),
        Line(Settings.restore) { operands throws(OperandProblem) in try Action(restoring: operands) },
        Line(Settings.Clog.self),
        Line(Settings.Parting.self),
        Line(Deeds.Swizzle.self),
        Line(Settings.Unreachable.self),
        Line(Settings.NoticeDrop.self),
        Line(Settings.AddressTranslation.self),
        // Connecting
        Line(Settings.Refuse.self),
        Line(Settings.ConnectHang.self),
        Line(Settings.BacklogFull.self),
        Line(Settings.NameError.self),
        // Connections
        Line(Settings.Close.self),
        Line(Deeds.Reset.self),
        Line(Deeds.HalfClose.self),
        Line(Deeds.HalfOpen.self),
        Line(Settings.ShortRead.self),
        Line(Settings.ShortWrite.self),
        Line(Settings.SlowReader.self),
        // Processes and hosts
        Line(Deeds.Exit.self),
        Line(Deeds.Kill.self),
        Line(Deeds.Pause.self),
        Line(Deeds.Resume.self),
        Line(Deeds.Restart.self),
        Line(Deeds.PowerLoss.self),
        Line(Deeds.PowerOn.self),
        Line(Settings.ClockSkew.self),
        Line(Settings.LateTimers.self),
        Line(Settings.Exhaust.self),
        Line(Settings.KernelOption.self),
        Line(Deeds.SocketOption.self),
        // Segments
        Line(Deeds.Drop.self),
        Line(Settings.MomentDrop.self),
        Line(Deeds.Delay.self),
        Line(Deeds.Deliver.self),
        Line(Deeds.Copy.self),
        Line(Deeds.Damage.self),
        // Draws
        Line(Settings.Override.self),
        Line(Deeds.HealAll.self),
        Line(Deeds.Reseed.self),
    ]

    /// A form, and what makes an action of its operands, which are not looked at.
    private struct Entry {
        let form: ActionForm
        let make: @Sendable (Operands) throws(OperandProblem) -> Action
    }

    /// The forms of a type, and what it does.
    private struct Line {
        var entries: [Entry]
        var act: (type: ObjectIdentifier, act: Act)?
        var chaos: ChaosSource?

        init<Made: Setting & Acting>(_ type: Made.Type) {
            entries = Made.forms.map { form in
                Entry(form: form) { operands throws(OperandProblem) in Action(try Made(operands, by: form)) }
            }
            act = (ObjectIdentifier(type), Act(type))
            chaos = type.chaos
        }

        init<Made: Deed & Acting>(_ type: Made.Type) {
            entries = Made.forms.map { form in
                Entry(form: form) { operands throws(OperandProblem) in Action(try Made(operands, by: form)) }
            }
            act = (ObjectIdentifier(type), Act(type))
            chaos = type.chaos
        }

        /// A form that several types have in common.
        init(_ form: ActionForm, make: @escaping @Sendable (Operands) throws(OperandProblem) -> Action) {
            entries = [Entry(form: form, make: make)]
        }
    }

    /// Every form, in the order of the lines.
    static let forms = lines.flatMap { $0.entries.map(\.form) }

    /// The families that chaos draws.
    static let drawable = lines.compactMap { $0.chaos?.family }

    /// How chaos draws each family, by the families' positions.
    private static let sources = FaultFamily.allCases.map { family in
        lines.lazy.compactMap(\.chaos).first { $0.family == family }
    }

    /// How chaos draws a family; nil for one that it does not.
    static func chaos(of family: FaultFamily) -> ChaosSource? { sources[family.position] }

    /// By the numbers of the forms.
    private static let entries: [Entry] = {
        let entries = lines.flatMap(\.entries).sorted { $0.form.number < $1.form.number }
        for (number, entry) in entries.enumerated() {
            insist(entry.form.number == number, "'\(entry.form.name)' is \(entry.form.number) and not \(number)")
        }
        return entries
    }()

    /// What each type does; looked up, never iterated over.
    private static let acts = Dictionary(
        lines.compactMap(\.act).map { ($0.type, $0.act) }, uniquingKeysWith: { first, _ in first })

    /// The action of a form, by its number, with operands, which are not looked at.
    static func action(_ number: Int, _ operands: Operands) throws(OperandProblem) -> Action {
        try entries[number].make(operands)
    }

    /// The form of a number; nil where none has it.
    static func form(_ number: UInt64) -> ActionForm? { number < entries.count ? entries[Int(number)].form : nil }

    /// What an action does to a world.
    static func act(of action: Action) -> Act {
        guard let act = acts[action.faultType] else {
            bug("\(action.form.name) has no line in the catalogue")
        }
        return act
    }
}
