import Foundation
import Testing

/// A program with a workload of its own, as the README shows one.
@Suite struct OwnWorkloadTests {
    private static func lab(_ parameters: String) -> String {
        """
        lab: greeting
        duration: 2s
        hosts: [client, server]
        links: [{between: [client, server], latency: 5ms}]
        peers:
          - {name: bob, on: server, listen: 80, run: sink}
          - {name: ann, on: client, connect: "server:80", run: {greeting: \(parameters)}}
        expect: [no connection is half-open, at most 0 segments are retransmitted]
        """
    }

    @Test func theReadmeShowsWhatIsTested() throws {
        let readme = try String(contentsOf: Program.root.appendingPathComponent("README.md"), encoding: .utf8)
        let section = try #require(readme.components(separatedBy: "## Your own peers\n").dropFirst().first)
        let example = try #require(section.components(separatedBy: "```swift\n").dropFirst().first)
        let source = try String(
            contentsOf: Program.root.appendingPathComponent("Tests/MisbehavingProgram/Greeting.swift"), encoding: .utf8)
        let tested = Set(source.split(separator: "\n"))
        let lines = example.components(separatedBy: "@main")[0].split(separator: "\n")
        #expect(lines.count > 15)
        for line in lines { #expect(tested.contains(line), "the README's line \"\(line)\" is in no test") }
    }

    @Test func itRunsIsSweptAndItsParametersAreChecked() throws {
        try Program.withFile(Self.lab("{count: 5, every: 20ms}")) { lab in
            let run = try Program.run(["run", lab, "--format", "json"], executable: Misbehaving.path)
            #expect(run.ended(with: 0) && run.errors.isEmpty, "\(run.output)\(run.errors)")
            let messages = try Program.object(run.output)["messages"] as? [String: Int]
            #expect(messages?["sent"] == 5 && messages?["delivered"] == 5)
            let sweep = try Program.run(["sweep", lab, "--seeds", "1..4"], executable: Misbehaving.path)
            #expect(sweep.ended(with: 0) && sweep.output.contains("4 passed"), "\(sweep.output)\(sweep.errors)")
        }
        try Program.withFile(Self.lab("{cuont: 5}")) { lab in
            let run = try Program.run(["run", lab], executable: Misbehaving.path)
            #expect(run.ended(with: 2), "\(run.output)")
            #expect(
                run.errors.contains(":7:68: error: ") && run.errors.contains("did you mean 'count'"), "\(run.errors)")
        }
    }
}
