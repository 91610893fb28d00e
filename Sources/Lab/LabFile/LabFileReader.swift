import PeerNetworking
import SimNetwork
import Workloads

/// Reads a lab's YAML into a definition, and gathers all that is wrong with it on the way.
///
/// Sections are read in the order in which they refer to each other, whatever their order in the file. What is wrong in
/// one keeps the names it declares, so that one mistake gives one diagnostic.
struct LabFileReader {
    /// Diagnostics of a file, at most; the rest is counted.
    static let mostDiagnostics = 1_000

    let file: String
    let source: String
    let lines: SourceLines
    /// The workloads that it may name.
    let workloads: WorkloadRegistry
    private(set) var diagnostics: [LabDiagnostic] = []
    /// What is no mistake for sure.
    private(set) var warnings: [LabDiagnostic] = []
    private var omitted = 0

    /// What the sections before the one that is read have declared.
    var names = LabNames()
    var topology = Topology()
    var peers: [PeerDefinition] = []
    /// What stands from the beginning at hosts.
    var standing: [Action] = []
    /// Where the file says what sets things off.
    var places = SourcePlaces()

    init(file: String, source: String, workloads: WorkloadRegistry = .shipped) {
        self.workloads = workloads
        self.file = file
        self.source = source
        lines = SourceLines(source)
    }

    /// Reads lines that are typed, with the names of a lab that was read before.
    init(lab: LabDefinition) {
        self.init(file: "", source: "")
        topology = lab.topology
        peers = lab.peers
        names = LabNames(lab)
    }

    /// Notes that something is wrong.
    mutating func report(_ place: Place, _ message: String) {
        guard diagnostics.count < Self.mostDiagnostics else {
            omitted += 1
            return
        }
        diagnostics.append(LabDiagnostic(file: file, line: place.line, column: place.column, message: message))
    }

    /// Notes what is probably not what the author wants.
    mutating func warn(_ place: Place, _ message: String) {
        guard warnings.count < Self.mostDiagnostics else { return }
        warnings.append(
            LabDiagnostic(file: file, line: place.line, column: place.column, message: message, severity: .warning))
    }

    /// How many diagnostics there were so far.
    var reported: Int { diagnostics.count + omitted }

    /// `; did you mean 'x'?` where a candidate is near; looked for as long as diagnostics are kept.
    func hint(for name: String, among candidates: some Sequence<String>) -> String {
        reported < Self.mostDiagnostics ? Suggestion.clause(for: name, among: candidates) : ""
    }

    /// What is said of a name that is none of some, as ``Suggestion/offer(for:among:_:_:all:)``.
    func offer(
        for name: String, among candidates: some Collection<String>, _ lead: String? = nil,
        _ conjunction: String = "and",
        all: String? = nil
    ) -> String {
        reported < Self.mostDiagnostics
            ? Suggestion.offer(for: name, among: candidates, lead, conjunction, all: all) : ""
    }

    /// Everything that is wrong, in the order of the file, and the warnings beside it; nil where nothing is wrong.
    var failure: LabDiagnostics? {
        guard !diagnostics.isEmpty else { return nil }
        var all = diagnostics.enumerated().sorted { left, right in
            (left.element.line, left.element.column, left.offset) < (
                right.element.line, right.element.column, right.offset
            )
        }.map(\.element)
        if omitted > 0 {
            all.append(LabDiagnostic(file: file, message: "and \(NumberText.count(omitted, "more error"))"))
        }
        return LabDiagnostics(all, warnings: sortedWarnings)
    }

    /// Reads the whole document.
    ///
    /// - Parameter doubled: the sections of which there are two: what is in the second is not known.
    mutating func definition(of root: SourceValue, doubled: Set<String> = []) -> LabDefinition? {
        let keys = [
            "lab", "title", "seed", "duration", "hosts", "links", "peers", "programs", "faults", "buggify", "chaos",
            "schedule",
            "invariants", "expect", "story",
        ]
        guard var fields = fields(root, "a lab file", keys: keys) else { return nil }
        fields.meant.formUnion(doubled)
        let name = labName(fields)
        let title = fields["title"].flatMap { self.line($0, "title") } ?? ""
        let seed = fields["seed"].flatMap { self.seed($0) } ?? 1
        if let value = fields["duration"] {
            let range = Int64(1_000_000)...Int64(2_592_000_000_000_000)
            names.duration = duration(value, "duration", in: range)
        } else {
            names.duration = 10_000_000_000
        }
        if fields.meant.contains("duration") { names.duration = nil }
        let before = reported
        readHosts(fields)
        if let value = fields["links"] { readLinks(value) }
        if fields.meant.contains("hosts") { names.hostsAreKnown = false }
        if fields.meant.contains("links") { names.linksAreKnown = false }
        if let value = fields["peers"] { readPeers(value, topologyIsWhole: reported == before) }
        if let value = fields["programs"] { readPrograms(value) }
        if !fields.meant.isDisjoint(with: ["peers", "programs"]) { names.peersAreKnown = false }
        let beforeFaults = reported
        let faults = fields["faults"].map { readFaults($0) } ?? (standing: [], scheduled: [])
        let buggify = fields["buggify"].map { readBuggify($0) } ?? BuggifyChoice()
        let chaos = fields["chaos"].map { readChaos($0) } ?? buggify.chaos
        let order = fields["schedule"].map { readTaskOrder($0) } ?? .fifo
        let checks = fields["invariants"].map { readSwitch($0, "invariants") } ?? false
        names.healsAt = healing(faults.scheduled, chaos)
        names.healingIsKnown =
            reported == beforeFaults && fields.meant.isDisjoint(with: ["faults", "buggify", "chaos"])
        names.slowestRecovery = peers.filter { $0.connect != nil }.map { $0.config.recoveryBound }.max() ?? 0
        let expectations = fields["expect"].map { readExpectations($0) } ?? []
        let story = fields["story"].map { readStory($0) } ?? []
        guard reported == 0, let name, let duration = names.duration else { return nil }
        var definition = LabDefinition(
            name: name, title: title, seed: seed, duration: duration, topology: topology, peers: peers,
            faults: faults.scheduled, buggify: buggify.options, expectations: expectations, story: story,
            source: source)
        definition.standing = standing + faults.standing
        definition.chaos = chaos
        definition.turnsKnobs = buggify.turnsKnobs
        definition.taskOrder = order
        definition.checksInvariants = checks
        definition.warnings = sortedWarnings
        places.file = file
        places.chaos = fields["chaos"]?.place ?? fields["buggify"]?.place
        definition.places = places
        return definition
    }

    /// When all is healed for good, as far as a time is given for it.
    private func healing(_ faults: [ScheduledAction], _ chaos: ChaosProfile?) -> Int64? {
        let times = faults.compactMap { fault -> Int64? in
            if fault.action == .healAll, case .at(let time) = fault.trigger { time } else { nil }
        }
        return (times + [chaos?.healsAt].compactMap { $0 }).max()
    }

    private mutating func labName(_ fields: SourceFields) -> String? {
        guard let value = require(fields, "lab", of: "a lab file"), let text = text(value, "lab", "a name") else {
            return nil
        }
        let isName = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        guard isName, (1...LabNames.longest).contains(text.utf8.count) else {
            report(value.place, "the lab's name \(quoted(text)) must be 1…\(LabNames.longest) of a-z, 0-9 and '-'")
            return nil
        }
        return text
    }

    private mutating func seed(_ value: SourceValue) -> UInt64? {
        guard let text = text(value, "seed", "a number") else { return nil }
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        let digits = isHexadecimal ? text.dropFirst(2) : text[...]
        if let first = digits.first, first.isHexDigit, let seed = UInt64(digits, radix: isHexadecimal ? 16 : 10) {
            return seed
        }
        report(value.place, "seed \(quoted(text)) is not a number from 0 to 18446744073709551615, decimal or 0x…")
        return nil
    }
}
