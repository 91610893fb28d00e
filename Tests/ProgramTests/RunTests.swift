import Foundation
import Testing

/// `peerlab run` and `peerlab check`: the result, its form and its exit code.
@Suite struct RunTests {
    /// A lab whose expectation cannot hold.
    static let failing = """
        lab: failing
        duration: 1s
        hosts: [client, server]
        links: [{between: [client, server], latency: 1ms}]
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 100ms, size: 64}}}
        expect:
          - ping is reconnecting by 900ms
        """

    @Test("JSON is one object with the fields that scripts rely on")
    func printsJSON() throws {
        let result = try Program.run(["run", "cut", "--format", "json"])
        #expect(result.ended(with: 0), "\(result.errors)")
        #expect(result.errors.isEmpty)
        let report = try Program.object(result.output)
        #expect(
            Set(report.keys).isSuperset(of: [
                "lab", "seed", "provider", "outcome", "events", "simulated_ns", "digest", "connections", "messages",
                "segments", "faults", "buggify", "knobs", "peers", "expectations", "invariants",
            ]))
        #expect(report["lab"] as? String == "cut")
        #expect(report["seed"] as? Int == 11)
        #expect(report["provider"] as? String == "sim")
        #expect(report["outcome"] as? String == "passed")
        #expect(report["simulated_ns"] as? Int == 20_000_000_000)
        let digest = try #require(report["digest"] as? String)
        #expect(digest.count == 16 && digest.allSatisfy { "0123456789abcdef".contains($0) })
        func keys(_ name: String, of object: [String: Any]? = nil) -> Set<String> {
            let value = (object ?? report)[name]
            return Set((value as? [String: Any] ?? (value as? [[String: Any]])?.first ?? [:]).keys)
        }
        #expect(
            keys("connections") == [
                "attempted", "established", "refused", "timed_out", "reset", "closed", "unanswered",
            ])
        #expect(
            keys("messages") == ["sent", "delivered", "duplicated", "dropped", "requeued", "lost", "refused"])
        #expect(keys("segments") == ["sent", "delivered", "lost", "retransmitted"])
        #expect(
            keys("cut", of: report["faults"] as? [String: Any])
                == ["armed", "set", "drawn", "fired", "healed", "effects"])
        #expect(keys("peers") == ["name", "state", "why", "circuit", "reconnects", "queue", "rtt_ns"])
        let peer = (report["peers"] as? [[String: Any]])?.first
        #expect(keys("queue", of: peer) == ["depth", "high_water", "capacity"])
        #expect(keys("rtt_ns", of: peer) == ["p50", "p99"])
        #expect(keys("expectations") == ["text", "held", "event", "t_ns", "reason", "message"])
        #expect(keys("invariants") == ["name", "held", "event"])
    }

    /// `prometheus_client`, which `make test` brings from PyPI, reads what `--metrics` writes; and the counts are the report's.
    @Test func metricsAreOpenMetrics() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("metrics-\(UUID().uuidString).txt")
            .path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let result = try Program.run(["run", "requests", "--metrics", file, "--format", "json"])
        #expect(result.ended(with: 0), "\(result.errors)")
        let script = """
            import json, sys
            sys.path.insert(0, "\(Program.root.path)/.build/python")
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            families = list(text_string_to_metric_families(open("\(file)").read()))
            print(json.dumps({
                "types": {f.name: f.type for f in families}, "described": all(f.documentation for f in families),
                "sent": sum(s.value for f in families for s in f.samples
                    if s.name == "peer_messages_total" and s.labels["event"] == "queued"),
                "lost": sum(s.value for f in families for s in f.samples
                    if s.name == "network_segments_total" and s.labels["event"] == "lost"),
                "requests": sum(s.value for f in families for s in f.samples if s.name == "peer_request_seconds_count"),
            }))
            """
        let parsed = try Program.run(["-c", script], executable: "python3")
        let families = try Program.object(parsed.output)
        #expect(parsed.errors.isEmpty, "\(parsed.errors)")
        let types = try #require(families["types"] as? [String: String])
        #expect(types["peer_messages"] == "counter" && types["peer_queue_depth"] == "gauge")
        #expect(types["peer_round_trip_seconds"] == "summary" && types["peer_queue_time_seconds"] == "summary")
        #expect(families["described"] as? Bool == true)
        let report = try Program.object(result.output)
        func count(_ section: String, _ name: String) -> Int? { (report[section] as? [String: Any])?[name] as? Int }
        #expect(families["sent"] as? Int == count("messages", "sent"))
        #expect(families["lost"] as? Int == count("segments", "lost"))
        #expect(families["requests"] as? Int == 200)
    }

    @Test(arguments: [("--metrics", "metrics"), ("--trace", "trace")])
    func aFileThatCannotBeWrittenSaysWhy(option: String, what: String) throws {
        let (missing, directory) = ("/nowhere/at/all.txt", Program.root.path)
        for (path, reason) in [(missing, "No such file or directory"), (directory, "Is a directory")] {
            let result = try Program.run(["run", "hello", option, path])
            #expect(result.ended(with: 2), "\(result)")
            #expect(result.errors.hasPrefix("\(path): error: the \(what) cannot be written: \(reason)"))
        }
    }

    @Test func printsText() throws {
        let result = try Program.run(["run", "hello"])
        #expect(result.ended(with: 0))
        #expect(result.output.hasPrefix("hello, seed 7, on sim: passed\n"))
        #expect(result.errors.isEmpty)
    }

    @Test func buggifySitesAreReported() throws {
        let lab = Self.failing.replacing("expect:", with: "buggify: {activation: 1, firing: 0.5}\nexpect:")
        let result = try Program.withFile(lab) { try Program.run(["run", $0, "--format", "json"]) }
        let sites = try Program.object(result.output)["buggify"] as? [[String: Any]] ?? []
        #expect(!sites.isEmpty, "\(result)")
        for site in sites { #expect(Set(site.keys) == ["site", "armed", "draws", "fired"]) }
    }

    @Test func aSeedIsAlsoHexadecimal() throws {
        let (decimal, hexadecimal) = (
            try Program.run(["run", "cut", "--seed", "16", "--format", "json"]),
            try Program.run(["run", "cut", "--seed", "0x10", "--format", "json"])
        )
        #expect(decimal.output == hexadecimal.output)
        #expect(try Program.object(decimal.output)["seed"] as? Int == 16)
        let most = try Program.run([
            "run", "hello", "--seed", "0xffffffffffffffff", "--events", "1", "--format", "json",
        ])
        #expect(try Program.object(most.output)["seed"] as? UInt64 == .max)
    }

    @Test func aRunStopsWhereItIsTold() throws {
        let events = try Program.object(try Program.run(["run", "cut", "--events", "100", "--format", "json"]).output)
        #expect(events["events"] as? Int == 100)
        let report = try Program.object(try Program.run(["run", "cut", "--until", "1.5s", "--format", "json"]).output)
        let time = try #require(report["simulated_ns"] as? Int)
        #expect(time > 1_000_000_000 && time <= 1_500_000_000)
        #expect(report["outcome"] as? String == "incomplete")
        // What was not judged is there, and says so.
        let verdicts = report["expectations"] as? [[String: Any]] ?? []
        #expect(verdicts.allSatisfy { $0["held"] is NSNull })
    }

    @Test func aFailedExpectationIsOne() throws {
        for format in ["text", "json"] {
            let result = try Program.withFile(Self.failing) { try Program.run(["run", $0, "--format", format]) }
            #expect(result.ended(with: 1), "\(result)")
            #expect(result.output.contains("ping is reconnecting by 900ms"))
            // Which command opens the screen there.
            let told = result.errors.split(separator: "\n").last ?? ""
            #expect(told.hasPrefix("failed at #") && told.hasSuffix(" --seed 1 --at failed"), "\(result.errors)")
        }
    }

    @Test func aLabComesFromStandardInput() throws {
        let lab = Data(Self.failing.replacing("reconnecting", with: "connected").utf8)
        let result = try Program.run(["run", "-"], input: lab)
        #expect(result.ended(with: 0), "\(result)")
        #expect(result.output.hasPrefix("failing, "))
    }

    @Test func aTraceHasAnObjectForEveryEvent() throws {
        try Program.withFile("", "jsonl") { trace in
            let result = try Program.run(["run", "cut", "--until", "4s", "--trace", trace, "--format", "json"])
            let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
            #expect(try Program.object(result.output)["events"] as? Int == lines.count)
            var time = 0
            for (index, line) in lines.enumerated() {
                let event = try Program.object(String(line))
                #expect(event["n"] as? Int == index + 1)
                #expect(try #require(event["t_ns"] as? Int) >= time)
                #expect(event["kind"] is String)
                #expect(try #require(event["cause"] as? Int) <= index)
                time = event["t_ns"] as? Int ?? 0
            }
        }
    }

    @Test("A pipe or a device is written to, and stays what it is")
    func writesIntoAPipe() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let script = """
            mkfifo pipe; cat pipe >copy & '\(Program.path)' run hello --events 20 --trace pipe >result && wait && test -p pipe
            """
        let result = try Program.run(["-c", script], in: directory, executable: "sh")
        #expect(result.ended(with: 0), "\(result)")
        let copy = try String(contentsOf: directory.appendingPathComponent("copy"), encoding: .utf8)
        #expect(copy.split(separator: "\n").count == 20)
    }

    @Test func aScriptIsCarriedOut() throws {
        let result = try Program.withFile("goto 2s\ncut client-server\n", "script") {
            try Program.run(["run", "cut", "--script", $0, "--until", "3s", "--format", "json"])
        }
        let faults = try Program.object(result.output)["faults"] as? [String: [String: Int]]
        #expect(try #require(faults?["cut"]?["fired"]) >= 1, "\(result)")
        let quits = try Program.withFile("goto 2s\nquit\nstep\n", "script") {
            ($0, try Program.run(["run", "cut", "--script", $0, "--format", "json"]))
        }
        #expect(try Program.object(quits.1.output)["simulated_ns"] as? Int == 2_000_000_000)
        #expect(
            quits.1.errors == "\(quits.0):2: warning: the run ends here; 1 line behind it not carried out\n")
        let missing = try Program.run(["run", "cut", "--script", "/nowhere.script"])
        #expect(missing.ended(with: 2) && missing.errors == "/nowhere.script: error: there is no such file\n")
        let wrong = try Program.withFile("goto 2s\n\ncut client-mars\n", "script") {
            ($0, try Program.run(["run", "cut", "--script", $0]))
        }
        #expect(wrong.1.ended(with: 2))
        #expect(wrong.1.errors.hasPrefix("\(wrong.0):3: error: "), "\(wrong.1.errors)")
    }

    @Test("On real sockets the same peers run, and what makes no sense there is null")
    func runsOnLoopback() throws {
        let lab = Self.failing.replacing("is reconnecting by 900ms", with: "has received 2 messages by 900ms")
        let result = try Program.withFile(lab) { lab in
            try Program.withFile("until ping is connected\n", "script") {
                try Program.run(["run", lab, "--on", "loopback", "--script", $0, "--format", "json"])
            }
        }
        #expect(result.ended(with: 0), "\(result)")
        let report = try Program.object(result.output)
        #expect(report["provider"] as? String == "loopback")
        #expect(report["digest"] is NSNull)
        #expect(report["segments"] is NSNull)
        let few = try Program.withFile(lab) {
            try Program.run(["run", $0, "--on", "loopback", "--events", "5", "--format", "json"])
        }
        #expect(try Program.object(few.output)["events"] as? Int == 5)
    }

    @Test func checkWarnsAndGoesOn() throws {
        let lab = """
            lab: x
            hosts: [a, b]
            links: [{between: [a, b]}]
            peers: [{name: p, on: a, connect: "b:1", run: ping-pong}]
            """
        try Program.withFile(lab) { file in
            let result = try Program.run(["check", file])
            #expect(result.ended(with: 0))
            #expect(result.output.hasPrefix("\(file): ok"))
            #expect(result.errors.contains("\(file):4:35: warning: no peer listens on b:1"), "\(result.errors)")
        }
    }

    @Test func checkTellsAllErrorsOfAllFiles() throws {
        let wrong = """
            lab: wrong
            duratoin: 1s
            hosts: [client, client]
            links: [{between: [client, mars], latency: -1ms}]
            """
        try Program.withFile(wrong) { first in
            try Program.withFile("lab: x\nhosts: [a]\nspeed: 3\n") { second in
                let result = try Program.run(["check", first, "hello", second])
                #expect(result.ended(with: 2))
                #expect(result.output.hasPrefix("hello: ok"))
                let errors = result.errors.split(separator: "\n")
                #expect(errors.count { $0.hasPrefix(first + ":") } >= 4, "\(result.errors)")
                #expect(errors.contains { $0.hasPrefix(second + ":3:1: error: ") }, "\(result.errors)")
                #expect(result.errors.contains("'duratoin'; did you mean 'duration'?"))
            }
        }
    }
}
