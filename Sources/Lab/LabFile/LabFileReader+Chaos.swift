import SimNetwork

// What a run's seed draws: `buggify:`, `chaos:` and `schedule:`.
extension LabFileReader {
    /// What `buggify:` says.
    struct BuggifyChoice {
        var options: BuggifyOptions?
        /// Whether the configurations of peers and hosts are drawn too.
        var turnsKnobs = false
        /// The families that go with `swarm` and `pairwise`.
        var chaos: ChaosProfile?
    }

    /// `off`, `on`, `swarm`, `pairwise`, or `{activation, firing, knobs}`.
    mutating func readBuggify(_ value: SourceValue) -> BuggifyChoice {
        var choice = BuggifyChoice()
        if case .mapping = value.content {
            guard let fields = fields(value, "buggify", keys: ["activation", "firing", "knobs"]) else { return choice }
            var options = BuggifyOptions()
            if let value = fields["activation"], let chance = probability(value, "activation") {
                options.activation = chance
            }
            if let value = fields["firing"], let chance = probability(value, "firing") { options.firing = chance }
            choice.options = options
            if let value = fields["knobs"] { choice.turnsKnobs = boolean(value, "knobs") ?? false }
            return choice
        }
        let words = ["off", "on", "swarm", "pairwise"]
        guard let text = text(value, "buggify", "\(listing(words, "or")), or a mapping") else { return choice }
        switch text {
        case "off": break
        case "on": choice.options = BuggifyOptions()
        case "swarm", "pairwise":
            choice.options = BuggifyOptions()
            choice.turnsKnobs = true
            choice.chaos = ChaosProfile(text == "swarm" ? .swarm : .pairwise)
        default:
            let hint = self.hint(for: text, among: words)
            report(
                value.place,
                "buggify must be \(listing(words, "or")), or {activation: 0.25, firing: 0.25}, not \(quoted(text))\(hint)"
            )
        }
        return choice
    }

    /// `off`, a mode, or a mapping with the mode, the families, how often, how long, and when all is healed.
    mutating func readChaos(_ value: SourceValue) -> ChaosProfile? {
        let modes = ChaosProfile.Mode.allCases.map(\.rawValue)
        guard case .mapping = value.content else {
            guard let word = choice(value, "chaos", ["off"] + modes) else { return nil }
            return ChaosProfile.Mode(rawValue: word).map { ChaosProfile($0) }
        }
        let keys = ["mode", "only", "except", "interval", "length", "heals-at"]
        guard let fields = fields(value, "chaos", keys: keys) else { return nil }
        var profile = ChaosProfile()
        if let value = fields["mode"] {
            guard let word = choice(value, "mode", modes), let mode = ChaosProfile.Mode(rawValue: word) else {
                return nil
            }
            profile.mode = mode
        }
        if let value = fields["only"] {
            if let other = fields["except"] { report(other.place, "chaos has 'only' or 'except', and not both") }
            let before = reported
            profile.families = readFamilies(value, "only")
            if profile.families.isEmpty, reported == before {
                report(value.place, "'only' names no fault; write 'chaos: off'")
            }
        } else if let value = fields["except"] {
            let without = readFamilies(value, "except")
            profile.families.removeAll { without.contains($0) }
        }
        let spans = Int64(1_000_000)...Int64(3_600_000_000_000)
        if let value = fields["interval"], let time = duration(value, "interval", in: spans) { profile.interval = time }
        if let value = fields["length"], let time = duration(value, "length", in: spans) { profile.length = time }
        if let value = fields["heals-at"] { profile.healsAt = moment(value, "heals-at") }
        return profile
    }

    private mutating func readFamilies(_ value: SourceValue, _ what: String) -> [FaultFamily] {
        let names = ChaosProfile.drawable.map(\.rawValue)
        return (items(value, what) ?? []).compactMap { item in
            guard let name = text(item, what, "names of faults") else { return nil }
            if let family = FaultFamily(rawValue: name), ChaosProfile.drawable.contains(family) { return family }
            let offer = offer(for: name, among: names, "chaos can draw", all: ActionForm.whereAllAre)
            report(item.place, "chaos does not draw \(quoted(name))\(offer)")
            return nil
        }
    }

    mutating func readTaskOrder(_ value: SourceValue) -> TaskOrder {
        choice(value, "schedule", TaskOrder.allCases.map(\.rawValue)).flatMap { TaskOrder(rawValue: $0) } ?? .fifo
    }

    mutating func readSwitch(_ value: SourceValue, _ what: String) -> Bool {
        choice(value, what, ["on", "off"]) == "on"
    }
}
