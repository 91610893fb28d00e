import SimNetwork
import Testing
import Workloads

@testable import Lab

/// What can never come true is refused where it is read: whoever waits for it waits in vain.
@Suite struct NeverTests {
    private static let lab = """
        lab: x
        hosts: [a, b]
        links: [{between: [a, b]}]
        peers:
          - {name: echo, on: a, listen: 1, run: echo}
          - {name: sink, on: a, listen: 2, run: sink}
          - {name: broker, on: a, listen: 3, run: publish-subscribe}
          - {name: answers, on: a, listen: 4, run: request-response}
          - {name: office, on: a, listen: 5, run: {work-queue: {jobs: 10}}}
          - {name: ping, on: b, connect: "a:1", run: ping-pong}
          - {name: ten, on: b, connect: "a:1", run: {ping-pong: {count: 10}}}
          - {name: worker, on: b, connect: "a:5", run: work-queue}
          - {name: reads, on: b, connect: "a:3", run: {publish-subscribe: {subscribe: news, count: 5}}}

        """

    @Test(arguments: [
        ("echo counts 1", "'echo' runs echo, which counts nothing"),
        ("sink finishes", "'sink' runs sink, which never finishes"),
        ("broker counts 0", "'broker' runs publish-subscribe, which counts nothing"),
        ("answers finishes by 5s", "'answers' runs request-response, which never finishes"),
        ("ping finishes", "'ping' runs ping-pong, which never finishes without a 'count'"),
        ("worker finishes", "'worker' runs work-queue, which never finishes"),
        ("ten counts 11", "'ten' counts to 10: it never counts 11"),
        ("office counts 11", "'office' counts to 10: it never counts 11"),
        ("echo reconnects at least 1 time", "'echo' only listens: it never reconnects"),
    ])
    func isRefused(_ sentence: String, _ why: String) {
        let text = Self.lab + "expect: [\(sentence)]\n"
        #expect(diagnostics(of: text).map { $0.split(separator: ": ", maxSplits: 1).last.map(String.init) } == [why])
        // What is waited for is read by the same grammar.
        guard !sentence.contains("by") else { return }
        let faults = Self.lab + "faults: [{when: \(sentence), cut: a-b}]\n"
        #expect(diagnostics(of: faults).allSatisfy { $0.hasSuffix(why) } && diagnostics(of: faults).count == 1)
    }

    @Test func nobodyRecoversWhereNobodyConnects() {
        let text =
            "lab: x\nhosts: [a]\npeers: [{name: e, on: a, listen: 1, run: echo}]\n"
            + "faults: [{at: 1s, heal-all: true}]\nexpect: [every peer recovers]\n"
        #expect(diagnostics(of: text) == ["x:5:10: no peer connects: there is none to recover"])
    }

    @Test(arguments: [
        "ten counts 10", "ten finishes", "office counts 10", "office finishes", "ping counts 1000", "worker counts 3",
        "reads finishes", "reads counts 7", "ping reconnects at most 1 time",
    ])
    func mayBe(_ sentence: String) { #expect(diagnostics(of: Self.lab + "expect: [\(sentence)]\n") == []) }

    /// What a workload tells in a run is what it says that it tells.
    @Test(arguments: LabsOnDisk.names) func noWorkloadTellsMoreThanItSays(_ name: String) throws {
        let session = SimSession(lab: try LabsOnDisk.lab(name))
        defer { session.close() }
        _ = try session.seek(to: .time(min(8_000_000_000, session.lab.duration)))
        let world = session.snapshot.world
        for peer in world.peers {
            let definition = session.lab.peers[Int(peer.process.index)]
            let tale = definition.workload.workload.tale
            if let progress = peer.progress {
                #expect(progress.done <= tale.countsTo ?? 0, "\(definition.name)")
            }
            #expect(peer.finished == nil || tale.finishes, "\(definition.name)")
        }
    }
}
