import PeerNetworking
import SimNetwork
import Synchronization
import Testing
import Workloads

@testable import Lab

/// An application that does not ship: it asks for what parameters can be.
private struct Election: Workload {
    struct Parameters: WorkloadParameters {
        enum Rule: String, LabChoice {
            case oldest
            case longestLog = "longest-log"
        }

        struct Store: Codable, Hashable, Sendable {
            var path = "/tmp"
            var keep: UInt8 = 3
        }

        var group: [String]?
        var electionTimeout = TimeSpan.milliseconds(150)
        var rule = Rule.oldest
        var jitter = 0.5
        var isEager = false
        var store = Store()

        static let bounds = [
            "election-timeout": 1_000_000...1_000_000_000, "store.keep": Int64(1)...9, "jitter": 0...1,
        ]

        init() {}
    }

    static let name = "election"
    static let role = WorkloadRole.listens

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Refusal) {
        self.parameters = parameters
        guard let group = parameters.group else { throw Refusal("an election needs a 'group'") }
        let flaws = group.enumerated().filter { $0.element.isEmpty }.map { index, _ in
            Refusal.Problem(place: .value(["group", "\(index)"]), words: "a member has a name")
        }
        if !flaws.isEmpty { throw Refusal(flaws) }
    }

    /// Tells how many others take part.
    func run(_ peer: PeerContext) async {
        let number = peer.register()
        peer.providers.observer.note(.progress(done: UInt64(peer.others.count), of: 0), of: number)
    }
}

/// One that counts how often it is asked what it is, of all labs at once.
private struct Asked: Workload {
    static let count = Mutex(0)
    static var name: String {
        count.withLock { $0 += 1 }
        return "asked"
    }
    static let role = WorkloadRole.listens

    init(_ parameters: NoParameters) {}

    func run(_ peer: PeerContext) async {}
}

/// Applications come to labs through a registry, those that ship as any other.
@Suite struct OwnWorkloadTests {
    private static let registry = WorkloadRegistry.shipped.adding([Election.self])

    private func lab(_ run: String) throws(LabDiagnostics) -> LabDefinition {
        let text = "lab: a\nhosts: [b]\npeers:\n  - {name: e, on: b, listen: 1, run: \(run)}\n"
        return try LabFile.read(text: text, name: "x", workloads: Self.registry)
    }

    private func errors(_ run: String) -> [String] {
        do throws(LabDiagnostics) {
            _ = try lab(run)
            return []
        } catch {
            return error.all.map { $0.description.replacing(": error: ", with: ": ") }
        }
    }

    /// Twice the peers look at one another twice as often, and not four times: there may be 100,000.
    @Test func peersAreNotHeldAgainstEachOther() throws {
        func asked(_ peers: Int) throws -> Int {
            let text =
                "lab: a\nduration: 1ms\nhosts: {h: {count: \(peers)}}\n"
                + "peers:\n  - {name: p, on: \"h-*\", listen: 1, run: asked}\n"
            let lab = try LabFile.read(
                text: text, name: "x", workloads: WorkloadRegistry.shipped.adding([Asked.self]))
            let before = Asked.count.withLock { $0 }
            let simulation = lab.makeSimulation(seed: 1, keepsRecords: false)
            try simulation.run()
            simulation.shutDown()
            return Asked.count.withLock { $0 } - before
        }
        let few = try asked(40)
        #expect(few > 0)
        #expect(try asked(80) <= 2 * few)
    }

    @Test func aLabFileSaysItsParameters() throws {
        let peer = try #require(
            try lab(
                "{election: {group: [a, b], election-timeout: 200ms, rule: longest-log, jitter: 0.25, is-eager: true, "
                    + "store: {keep: 9}}}"
            ).peers.first)
        let election = try #require(peer.workload.workload as? Election)
        #expect(election.parameters.group == ["a", "b"])
        #expect(election.parameters.electionTimeout == .milliseconds(200))
        #expect(election.parameters.rule == .longestLog && election.parameters.jitter == 0.25)
        #expect(election.parameters.isEager)
        #expect(election.parameters.store == .init(path: "/tmp", keep: 9))
    }

    @Test func itRunsAndKnowsTheOthersOfItsKind() throws {
        let text = """
            lab: a
            hosts: [b, c]
            peers:
              - {name: e, on: b, listen: 1, run: {election: {group: [e, f]}}}
              - {name: f, on: c, listen: 1, run: {election: {group: [e, f]}}}
              - {name: g, on: c, listen: 2, run: echo}
            """
        let session = SimSession(lab: try LabFile.read(text: text, name: "x", workloads: Self.registry))
        defer { session.close() }
        _ = try session.seek(to: .time(1_000_000))
        let world = session.snapshot.world
        #expect(world.peers.prefix(2).map { $0.progress?.done } == [1, 1])
    }

    /// Each with its place: all of them at once, also in what is within another.
    @Test(arguments: [
        ("election", ["x:4:38: an election needs a 'group'"]),
        ("{election: {group: [a, '']}}", ["x:4:61: a member has a name"]),
        (
            "{election: {group: {}, election-timeout: 2s, rule: oldst, jitter: 2, is-eager: si , "
                + "store: {keep: 0, pth: x}, grop: [a]}}",
            [
                "x:4:57: 'group' must be a list, not a mapping",
                "x:4:79: 'election-timeout' must be 1ms…1s, not 2s",
                "x:4:89: unknown rule 'oldst'; did you mean 'oldest'?",
                "x:4:104: 'jitter' must be 0…1, not 2",
                "x:4:117: 'is-eager' must be true or false (or yes or no), not 'si'",
                "x:4:136: 'keep' must be 1…9, not 0",
                "x:4:139: unknown key 'pth'; did you mean 'path'?",
                "x:4:148: unknown key 'grop'; did you mean 'group'?",
            ]
        ),
        ("{election: {store: 3}}", ["x:4:57: 'store' must be a mapping with path and keep, not a single value"]),
        (
            "{election: [a]}",
            [
                "x:4:49: election must be a mapping with group, election-timeout, rule, jitter, is-eager and store, "
                    + "not a list"
            ]
        ),
        (
            "{election: {group: , rule: }}",
            [
                "x:4:57: 'group' must be a list, not nothing",
                "x:4:65: 'rule' must be oldest or longest-log, not nothing",
            ]
        ),
        ("elektion", ["x:4:38: unknown workload 'elektion'; did you mean 'election'?"]),
    ])
    func whatIsWrongHasItsPlace(_ run: String, _ expected: [String]) {
        #expect(errors(run) == expected)
    }

    /// So a lab file can be written from a definition.
    @Test(arguments: registry.all.map { "\($0.name) that \($0.role.rawValue)" })
    func theUsualParametersAreReadAsTheyAreWritten(_ name: String) throws {
        let type = try #require(Self.registry.all.first { "\($0.name) that \($0.role.rawValue)" == name })
        func check<Kind: Workload>(_ type: Kind.Type) {
            var reader = LabFileReader(file: "x", source: "")
            let written = ParameterEncoder.tree(of: Kind.Parameters())
            #expect(reader.readParameters(Kind.Parameters.self, from: written, of: name) == Kind.Parameters())
            #expect(reader.diagnostics.isEmpty)
        }
        check(type)
    }

    @Test func parametersAreWrittenAsLabFilesHaveThem() throws {
        var reader = LabFileReader(file: "x", source: "")
        let parameters = TopicClient.Parameters.with {
            $0.subscribe = OneOrMore(["news", "weather"])
            $0.count = 12
        }
        let written = ParameterEncoder.tree(of: parameters)
        #expect(reader.readParameters(TopicClient.Parameters.self, from: written, of: "x") == parameters)
        let pings = ParameterEncoder.tree(of: PingPong.Parameters.with { $0.delivery = .exactlyOnce })
        let texts = ["every", "size", "count", "delivery"].map { name -> String? in
            if case .scalar(let text)? = pings[[name][...]]?.content { text } else { nil }
        }
        #expect(texts == ["100ms", "64 B", "0", "exactly-once"])
    }
}
