extension Settings {
    /// A site or a single draw is forced or vetoed.
    struct Override: Setting, Acting {
        /// What is decided for which draws; of one that is lifted, it does not matter how it decides.
        let override: DrawOverride
        let isInForce: Bool

        init(_ override: DrawOverride, isInForce: Bool) {
            self.override = DrawOverride(
                site: override.site, subject: override.subject, number: override.number,
                fires: isInForce && override.fires)
            self.isInForce = isInForce
        }

        static let forms = [
            ActionForm(
                41, "force", [.site, .subject, .draw], "Make a site fire: always, for a subject, or at one draw."),
            ActionForm(
                42, "veto", [.site, .subject, .draw], "Keep a site from firing: always, for a subject, or at one draw."
            ),
            ActionForm(43, "unforce", [.site, .subject, .draw], "Take a force or a veto back.", lifts: true),
        ]

        var family: FaultFamily { .override }
        var form: ActionForm { Self.forms[!isInForce ? 2 : override.fires ? 0 : 1] }
        var operands: Operands {
            Operands([
                "site": override.site.operand, "subject": override.subject?.operand,
                "draw": override.number.map { Int64(clamping: $0).operand },
            ])
        }
        var lifted: Self { Self(override, isInForce: false) }

        // It is listed with the stable name of its subject.
        static let isListed = false

        func target(in world: World) throws(ActionError) -> DrawOverride {
            let override = try world.resolve(override)
            let standing = Self(override, isInForce: false)
            guard isInForce || world.standing.actions.contains(where: { $0.setting == Action(standing) }) else {
                throw ActionError("no such override is in force")
            }
            return override
        }

        func act(on override: DrawOverride, in world: World) {
            if isInForce { world.overrides.add(override) } else { world.overrides.remove(override) }
            world.stand(Action(Self(override, isInForce: isInForce)))
        }

        func name(_ action: Action, doneTo override: DrawOverride) -> Action {
            Action(Self(override, isInForce: isInForce))
        }

        func undo(_ override: DrawOverride, of action: Action) -> Action? { isInForce ? .unoverride(override) : nil }
    }
}

extension Settings.Override {
    init(_ operands: Operands) throws(OperandProblem) {
        let number: Int64? = try operands.find("draw")
        self.init(
            DrawOverride(
                site: try operands.require("site"), subject: try operands.find("subject"),
                number: number.map { UInt64(clamping: $0) }, fires: true), isInForce: true)
    }

    init(_ operands: Operands, by form: ActionForm) throws(OperandProblem) {
        var override = try Self(operands).override
        override.fires = form.number == Self.forms[0].number
        self.init(override, isInForce: !form.lifts)
    }
}

extension Action {
    /// Forces or vetoes draws.
    public static func override(_ override: DrawOverride) -> Action {
        Action(Settings.Override(override, isInForce: true))
    }

    /// Takes an override back.
    public static func unoverride(_ override: DrawOverride) -> Action {
        Action(Settings.Override(override, isInForce: false))
    }

    /// The override that it puts in force; nil where it is none.
    package var drawOverride: DrawOverride? {
        guard let setting = fault as? Settings.Override, setting.isInForce else { return nil }
        return setting.override
    }
}
