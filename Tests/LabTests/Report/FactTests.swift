import Foundation
import SimNetwork
import Testing

@testable import Lab

/// The text, the JSON object and the metrics of a run say the same things.
@Suite struct FactTests {
    /// A run with a bit of everything: faults of all kinds, what fails, and an attempt that nobody answers.
    private static let lab = """
        lab: facts
        duration: 20s
        hosts: [client, server, lost]
        links: [{between: [client, server], loss: 0.05}, {between: [client, lost]}]
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: ping-pong, config: {preset: test}}
          - {name: late, on: client, connect: "lost:4500", run: ping-pong, config: {preset: test, breaker: {failures: 2}}}
        faults:
          - {at: 1s, cut: client-lost}
          - {at: 2s, process-kill: echo}
          - {at: 4s, restart: echo}
        buggify: {activation: 1, firing: 0.1, knobs: true}
        invariants: on
        expect:
          - ping is connected by 1s
          - ping is failed
          - ping has received 1000000 messages by 9s

        """

    private func report(upTo end: Int64? = nil) throws -> (report: RunReport, metrics: String) {
        let lab = try LabFile.read(text: Self.lab, name: "x")
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(end ?? lab.duration))
        return (RunReport(session.snapshot), MetricsReport(session.snapshot).text)
    }

    /// The values of a JSON object by their paths; an empty list or object is one.
    private func leaves(_ value: Any, _ path: [String] = []) -> [(path: [String], value: Any)] {
        switch value {
        case let object as [String: Any] where !object.isEmpty:
            object.flatMap { leaves($0.value, path + [$0.key]) }
        case let list as [Any] where !list.isEmpty:
            list.enumerated().flatMap { leaves($0.element, path + ["\($0.offset)"]) }
        default: [(path, value)]
        }
    }

    @Test func eachFactIsInEachOfThem() throws {
        let (report, metrics) = try report()
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report))
        let inJSON = leaves(object)
        let facts = report.facts.filter { !$0.path.isEmpty }
        let paths = Set(facts.map { $0.path.joined(separator: ".") })
        #expect(Set(inJSON.map { $0.path.joined(separator: ".") }).symmetricDifference(paths) == [])
        #expect(paths.count == facts.count)
        let text = report.text()
        let said = Dictionary(uniqueKeysWithValues: facts.map { ($0.path, $0) })
        for (path, value) in inJSON {
            let fact = try #require(said[path])
            // What is nothing is said by leaving it out; a verdict stands before its line.
            let isNothing = value is NSNull || value as? NSNumber == 0 || (value as? [Any])?.isEmpty == true
            #expect(isNothing || path.last == "held" || text.contains(fact.phrase), "\(path) \(value)")
            #expect(isNothing || path.last == "held" || !fact.phrase.isEmpty, "\(path) \(value)")
            guard let metric = fact.metric else { continue }
            #expect(metrics.contains(metric.name), "\(metric.name)")
        }
        // Whatever does not only name something has a sample.
        let names = ["name", "site", "of", "knob", "text"]
        for fact in facts where !fact.phrase.isEmpty && !names.contains(fact.path.last ?? "") {
            #expect(fact.metric != nil, "\(fact.path)")
        }
    }

    @Test func everySampleSaysWhatItIs() throws {
        let lines = try report().metrics.split(separator: "\n")
        let families = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(families.count > 20)
        for family in families { #expect(lines.contains { $0.hasPrefix("# HELP \(family) ") }, "\(family)") }
    }

    @Test func theTextSaysWhatTheJSONObjectHad() throws {
        let (report, metrics) = try report()
        #expect(report.connections.unanswered > 0)
        #expect(report.text().contains(", \(report.connections.unanswered) unanswered"))
        #expect(report.text().contains("\(report.connections.closed) closed"))
        #expect(
            metrics.contains(
                "network_connections_total{event=\"unanswered\"} \(report.connections.unanswered)\n"))
        #expect(report.text().contains("\n  held         invariant: "))
        let ping = try #require(report.peers.first { $0.name == "ping" }?.rtt_ns.p50)
        #expect(report.text().contains("rtt \(ReportTime.milliseconds(ping))"))
    }

    /// When it was decided, and by which event.
    @Test func aVerdictHasItsEventAndItsTime() throws {
        let (report, _) = try report()
        let failed = try #require(report.expectations.last)
        let event = try #require(failed.event)
        #expect(failed.held == false && (1...report.events).contains(event))
        #expect(failed.t_ns == 9_000_000_000, "the deadline, whichever event was the last before it")
        #expect(report.expectations.map(\.t_ns) == [1_000_000_000, 20_000_000_000, 9_000_000_000])
        #expect(report.text().contains("\n  FAILED       ping has received 1000000 messages by 9s"))
        #expect(report.text().contains("(at 9.000 s, after #\(event))"))
    }

    /// A student reads what happened, and no line of zeros; one is one.
    @Test func whatDidNotHappenIsLeftOut() throws {
        func text(_ name: String, upTo end: Int64) throws -> String {
            let session = SimSession(lab: try LabsOnDisk.lab(name))
            defer { session.close() }
            _ = try session.seek(to: .time(end))
            return RunReport(session.snapshot).text()
        }
        let start = try text("hello", upTo: 0)
        #expect(start.contains("\n  1 event in 0.000 s"))
        #expect(start.contains("\n  connections  1 attempted, 1 unanswered\n"))
        let bulk = try text("bottleneck", upTo: 1_000_000_000)
        #expect(bulk.contains("\n  messages     none\n"))
        let chaos = try text("bench-chaos", upTo: 2_000_000_000)
        #expect(chaos.contains(": off in this run, ") && chaos.contains(" of the lab"))
        for report in [start, bulk, chaos] {
            #expect(
                !report.contains(" 0 refused") && !report.contains(" 0 reconnects") && !report.contains(" 1 events"))
        }
    }

    @Test func whatIsOpenIsSaidToBe() throws {
        let (report, metrics) = try report(upTo: 500_000_000)
        #expect(report.text().contains("\n  open         ping is failed"))
        #expect(metrics.contains("run_expectation{text=\"ping is failed\",verdict=\"open\"} 1\n"))
    }
}
