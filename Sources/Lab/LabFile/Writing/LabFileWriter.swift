import SimNetwork
import TCP

extension LabFile {
    /// The text of a lab's file: what it reads back as is the same lab, and what it writes of that the same text.
    ///
    /// It is written as a person would: what is usual is left out, and what is alike stands together. Comments are no part of
    /// a lab, and not there.
    ///
    /// - Parameter lab: one that was read from a file, or may have been.
    public static func text(of lab: LabDefinition) -> String { YAMLText.document(LabFileWriter(lab).fields) }
}

/// Writes a lab as the tree of values that its file has.
struct LabFileWriter {
    let lab: LabDefinition
    /// Of all hosts how they are written.
    let hosts: HostNotation
    /// What stands from the beginning and is written beside its host, and what is not.
    let standing: StandingNotation
    let operands: OperandWriter

    /// - Parameter isGrouped: whether what is alike stands together, and not each by its own name.
    init(_ lab: LabDefinition, isGrouped: Bool = true) {
        self.lab = lab
        standing = StandingNotation(lab)
        hosts = HostNotation(lab, standing, isGrouped: isGrouped)
        operands = OperandWriter(lab, hosts)
    }

    /// The fields of the file, in the order in which they refer to each other.
    var fields: [SourceField] {
        var fields = [SourceField("lab", lab.name)]
        if !lab.title.isEmpty { fields.append(SourceField("title", lab.title)) }
        fields.append(SourceField("seed", "\(lab.seed)"))
        fields.append(SourceField("duration", Scale.duration.text(lab.duration)))
        fields.append(SourceField("hosts", hosts.value))
        func list(_ name: String, _ elements: [SourceValue]) {
            if !elements.isEmpty { fields.append(SourceField(name, .list(elements))) }
        }
        list("links", links)
        list("peers", peers)
        list("programs", programs)
        list("faults", standing.others.map { entry(of: $0) } + lab.faults.map { entry(of: $0) })
        fields += drawn
        list("expect", lab.expectations.map { .text($0.text) })
        let story = lab.story.map { [SourceField("when", text(of: $0.when)), SourceField("say", $0.text)] }
        list("story", story.map { .fields($0) })
        return fields
    }

    private func text(of moment: StoryLine.Moment) -> String {
        switch moment {
        case .start: "start"
        case .end: "end"
        case .time(let time): Scale.duration.text(time)
        case .when(let condition): condition.text(in: lab)
        }
    }

    // MARK: What the seed draws

    private var drawn: [SourceField] {
        var fields: [SourceField] = []
        let mode = lab.chaos.flatMap { $0 == ChaosProfile($0.mode) ? $0.mode : nil }
        // `swarm` and `pairwise` say all three.
        let isShort = lab.buggify == BuggifyOptions() && lab.turnsKnobs && (mode == .swarm || mode == .pairwise)
        if let mode, isShort {
            fields.append(SourceField("buggify", mode.rawValue))
        } else {
            if let buggify = lab.buggify { fields.append(SourceField("buggify", value(of: buggify))) }
            if let chaos = lab.chaos { fields.append(SourceField("chaos", value(of: chaos))) }
        }
        if lab.taskOrder != .fifo { fields.append(SourceField("schedule", lab.taskOrder.rawValue)) }
        if lab.checksInvariants { fields.append(SourceField("invariants", "on")) }
        return fields
    }

    private func value(of buggify: BuggifyOptions) -> SourceValue {
        let usual = BuggifyOptions()
        if buggify == usual, !lab.turnsKnobs { return .text("on") }
        var fields: [SourceField] = []
        if buggify.activation != usual.activation {
            fields.append(SourceField("activation", buggify.activation.text))
        }
        if buggify.firing != usual.firing { fields.append(SourceField("firing", buggify.firing.text)) }
        if lab.turnsKnobs { fields.append(SourceField("knobs", "true")) }
        return .fields(fields)
    }

    private func value(of chaos: ChaosProfile) -> SourceValue {
        if chaos == ChaosProfile(chaos.mode) { return .text(chaos.mode.rawValue) }
        let usual = ChaosProfile()
        var fields: [SourceField] = []
        if chaos.mode != usual.mode { fields.append(SourceField("mode", chaos.mode.rawValue)) }
        if chaos.families != usual.families {
            let without = usual.families.filter { !chaos.families.contains($0) }
            let isInOrder = chaos.families == usual.families.filter { !without.contains($0) }
            let saysWithout = isInOrder && without.count < chaos.families.count || chaos.families.isEmpty
            fields.append(
                saysWithout
                    ? SourceField("except", .list(without.map(\.rawValue)))
                    : SourceField("only", .list(chaos.families.map(\.rawValue))))
        }
        func time(_ name: String, _ time: Int64) { fields.append(SourceField(name, Scale.duration.text(time))) }
        if chaos.interval != usual.interval { time("interval", chaos.interval) }
        if chaos.length != usual.length { time("length", chaos.length) }
        if let heals = chaos.healsAt { time("heals-at", heals) }
        return .fields(fields)
    }
}
