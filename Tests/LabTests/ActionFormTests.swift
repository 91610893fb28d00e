import PeerNetworking
import Testing

@testable import Lab
@testable import SimNetwork

/// What holds of every form of the catalogue, whatever it does.
@Suite struct ActionFormTests {
    private let lab: LabDefinition

    init() throws { lab = try LabFile.read(text: Actions.lab, name: "x") }

    @Test func everyFormHasHelpAndIsToldFromTheOthers() {
        for form in ActionForm.all {
            #expect(form.help.hasSuffix(".") && form.help.count > 10, "\(form.text)")
            #expect(Set(form.keys).count == form.keys.count, "\(form.text)")
            for operand in form.operands { #expect(!operand.metavariable.isEmpty, "\(form.name) \(operand.name)") }
        }
        #expect(Set(ActionForm.all.map(\.text)).count == ActionForm.all.count)
    }

    @Test(arguments: Actions.all)
    func anActionIsMadeOfWhatItWrites(_ action: Actions.Case) throws {
        #expect(try action.action.form.action(action.action.operands) == action.action)
    }

    @Test(arguments: Actions.all.map(\.action) + unusable)
    func itsBytesAreReadBack(_ action: Action) {
        var writer = RecordWriter()
        defer { writer.free() }
        writer.write(action)
        writer.flag(true)
        var reader = RecordReader(writer.bytes)
        #expect(reader.action() == action)
        #expect(reader.flag() && reader.isAtEnd)
    }

    /// What nobody can write, and code can make: it is refused when it is done, and recorded all the same.
    private static let unusable: [Action] = [
        .swizzle([HostID(0)], over: -1), .slowPair(from: HostID(1), to: HostID(1), extra: -5),
        .partition(.groups(Partition([], [HostID(1)]))), .shape(LinkID(9), .forward, .mtu(3)),
        .shortRead(.host(HostID(0)), ShortIO(largest: 0)), .close(.host(HostID(0)), RandomClose(.never)),
        .exhaust(HostID(70_000), .memory, -1), .slowReader(.process(ProcessID(0)), bytesPerSecond: -1),
        .clockSkew(HostID(0), offset: .min, drift: .max), .slowTimers(HostID(0), .always, most: -1),
        .shape(LinkID(0), nil, .latency(.uniform(5, 1))), .delay(ConnectionID(0), from: .server, ordinal: -1, by: 0),
        .refuse(ServiceScope(HostID(1), port: 65_535), .always),
    ]

    @Test(arguments: unusable)
    func whatCannotBeIsRefusedWhenItIsDone(_ action: Action) throws {
        guard !action.heals, action.family != .refuse else { return }
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(20_000_000))
        #expect(throws: SessionError.self) { try session.intervene(action) }
    }

    /// Values beyond what an operand may be, as text and as it is.
    private func beyond(_ kind: ActionForm.Operand.Kind) -> [(String, Int64)] {
        switch kind {
        case .segment: [("0", 0)]
        case .duration(let range):
            [range.lowerBound - 1, range.upperBound + 1].map { (Scale.signedDuration.text($0), $0) }
        case .size(let range): [range.lowerBound - 1, range.upperBound + 1].map { ("\($0)B", $0) }
        case .rate: [("-1B/s", -1), ("1099511627777B/s", 1_099_511_627_777)]
        case .count(let range) where range.upperBound == .max: [("\(range.lowerBound - 1)", range.lowerBound - 1)]
        case .count(let range): [range.lowerBound - 1, range.upperBound + 1].map { ("\($0)", $0) }
        case .link, .direction, .host, .hosts, .groups, .pair, .peer, .service, .connection, .side, .target,
            .probability, .latency, .loss, .flag, .site, .subject, .option, .word:
            []
        }
    }

    @Test(arguments: Actions.all)
    func whatIsOutOfItsRangeIsRefusedByName(_ action: Actions.Case) throws {
        let line = try ActionLine(action.line)
        for operand in line.form.operands {
            var texts = beyond(operand.kind)
            if case .probability = operand.kind { texts = [("1.1", -1), ("-0.1", -1)] }
            if case .loss = operand.kind { texts = [("1.1", -1)] }
            for (text, number) in texts {
                var fields = line.fields
                let place = Place(line: 1, column: 1)
                fields.values[operand.name] = SourceField(
                    name: operand.name, place: place, value: SourceValue(place: place, content: .scalar(text)))
                var reader = LabFileReader(lab: lab)
                #expect(reader.readAction(line.form, fields) == nil, "\(operand.name)=\(text)")
                #expect(
                    reader.diagnostics.first?.message.hasPrefix("'\(operand.name)'") == true, "\(operand.name)=\(text)")
                // Whoever makes an action without reading it is told the same.
                var operands = action.action.operands
                operands[operand.name] = .number(number)
                #expect { try line.form.action(operands) } throws: { error in
                    (error as? OperandProblem)?.operand == operand.name
                }
            }
        }
    }

    @Test(arguments: Actions.all)
    func aWrongKeyIsNoUnknownFault(_ action: Actions.Case) {
        guard let entry = action.entry else { return }
        for key in ["dirction", "frobnicate", "sitee", "of-what"] {
            let text = Actions.lab + "faults:\n  - {at: 1s, \(entry.isEmpty ? "" : entry), \(key): 1}\n"
            #expect { try LabFile.read(text: text, name: "x") } throws: { error in
                let message = "\(error)"
                return message.contains("\(action.action.form.name) has no '\(key)'") && !message.contains("unknown")
            }
        }
    }

    /// What is lifted at once is as if it had never been set: the network's state, and what becomes of the peers.
    @Test(arguments: Actions.all.filter { $0.action.canStand })
    func whatIsLiftedLeavesTheWorldAsItWas(_ action: Actions.Case) throws {
        let untouched = SimSession(lab: lab, seed: 3)
        let touched = SimSession(lab: lab, seed: 3)
        for session in [untouched, touched] { _ = try session.seek(to: .time(20_000_000)) }
        try touched.intervene(action.action)
        #expect(action.action.heals == false)
        let inverse = try #require(action.action.inverse)
        #expect(inverse.heals && inverse.inverse == nil)
        try touched.intervene(drawn(inverse, touched))
        for session in [untouched, touched] { _ = try session.seek(to: .time(5_000_000_000)) }
        let (before, after) = (untouched.snapshot.world, touched.snapshot.world)
        #expect(after.standing.actions == [] && after.partitions == [])
        #expect(after.hosts == before.hosts && after.processes == before.processes)
        for (index, link) in lab.topology.links.enumerated() {
            for direction in LinkDirection.allCases {
                #expect(!after.links[index].isCut(direction) && !after.links[index].isClogged(direction))
                let usual = direction == .forward ? link.forward : link.backward
                #expect(after.links[index].properties(usual, direction) == usual)
            }
        }
        // What was lost meanwhile is sent again, and all goes on.
        #expect(after.peers.contains { $0.delivered > 0 })
        #expect(after.peers.map(\.state) == before.peers.map(\.state))
        for session in [untouched, touched] { session.close() }
    }

    /// The world knows which partition it has drawn.
    private func drawn(_ inverse: Action, _ session: SimSession) -> Action {
        inverse.family == .partition ? .unpartition(nil) : inverse
    }
}
