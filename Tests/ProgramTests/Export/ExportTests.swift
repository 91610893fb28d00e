import Foundation
import Testing

/// `peerlab export`, judged by programs that read what it writes.
@Suite("export")
struct ExportTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let article = Program.root.appending(path: "Sources/Lab/Lab.docc/Exports.md").path

    /// Exports a run, and lets a body work with the file.
    private func exported<Answer>(
        _ subject: String, to form: String, _ more: [String] = [], _ body: (String) throws -> Answer
    ) throws -> Answer {
        let file = Program.temporaryFile(form)
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try Program.run(["export", subject, "--to", form, "-o", file.path] + more)
        #expect(result.ended(with: 0) && result.output.isEmpty && result.errors.isEmpty, "\(result)")
        return try body(file.path)
    }

    /// Has a script look at files, and expects that it finds nothing wrong.
    private func check(_ script: String, _ files: String...) throws {
        let path = Self.folder.appending(path: script).path
        let result = try Program.run(files, through: ["/usr/bin/env", "python3"], executable: path)
        #expect(result.ended(with: 0), "\(result.output)\(result.errors)")
    }

    @Test(
        "What tshark finds in the packets is what the records say",
        arguments: ["hello", "half-open", "fast-retransmit", "nat", "silly-window", "backlog"])
    func packets(lab: String) throws {
        try exported(lab, to: "pcapng") { packets in
            try exported(lab, to: "jsonl") { records in
                try check("check_packets.py", packets, records)
                try check("check_records.py", records, Self.article)
            }
        }
    }

    @Test(
        "No two texts of a picture overlap",
        arguments: [["hello"], ["fast-retransmit"], ["nat", "--connection", "c2"]])
    func pictures(of lab: [String]) throws {
        try exported(lab[0], to: "svg", Array(lab.dropFirst())) { try check("check_picture.py", $0) }
    }

    /// An event of a trace.
    private struct TraceEvent: Decodable {
        var name: String
        var ph: String
        var ts: Double
        var pid: Int
        var tid: Int
        var id: Int64?
        var s: String?
    }
    private struct TraceFile: Decodable { var traceEvents: [TraceEvent] }

    @Test("Slices of a trace end, flows that arrive have begun, and instants say how far they reach")
    func trace() throws {
        try exported("fast-retransmit", to: "perfetto", ["--from", "500ms", "--to", "1500ms"]) { path in
            let events = try JSONDecoder().decode(TraceFile.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
                .traceEvents
            var open: [[Int]: Int] = [:]
            var flows: Set<Int64> = []
            for event in events {
                let track = [event.pid, event.tid]
                switch event.ph {
                case "B": open[track, default: 0] += 1
                case "E":
                    open[track, default: 0] -= 1
                    #expect(open[track] == 0, "\(event)")
                case "s": if let id = event.id { flows.insert(id) }
                case "f": #expect(event.id.map(flows.contains) == true, "\(event)")
                case "i": #expect(["g", "p", "t"].contains(event.s ?? ""), "\(event)")
                case "C", "M": break
                default: Issue.record("\(event)")
                }
                #expect(event.ph == "M" || (500_000...1_500_000).contains(event.ts), "\(event)")
            }
            #expect(open.values.allSatisfy { $0 == 0 } && flows.count > 10)
            #expect(events.contains { $0.ph == "i" && $0.name.hasPrefix("lost c") })
        }
    }

    @Test("A diagram names each host before its first arrow, and crosses what is lost")
    func diagram() throws {
        try exported("fast-retransmit", to: "mermaid", ["--connection", "c1"]) { path in
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            #expect(lines.first == "sequenceDiagram")
            var named: Set<Substring> = []
            for line in lines.dropFirst() {
                let words = line.split(separator: " ")
                if words[0] == "participant" { named.insert(words[1]) }
                guard let arrow = line.firstRange(of: "->>") ?? line.firstRange(of: "-x") else { continue }
                #expect(named.contains(line[..<arrow.lowerBound].drop { $0 == " " }), "\(line)")
                #expect(!line.contains("c2"), "\(line)")
            }
            #expect(lines.contains { $0.contains("-x") && $0.hasSuffix(", lost: lost") })
        }
    }

    @Test(
        "The script of a connection holds, and has what was lost",
        arguments: [
            (["hello"], "> P. 1:41(40) ack 1"), (["sack"], "<sack"),
            (["fast-retransmit", "--connection", "c3"], "<TS val"),
            (["cut"], " ack "),
        ])
    func script(of lab: [String], having part: String) throws {
        try exported(lab[0], to: "pkt", Array(lab.dropFirst())) { path in
            let script = try String(contentsOfFile: path, encoding: .utf8)
            #expect(script.contains(part) && script.contains(" write(3, ..., "), "\(script.prefix(2_000))")
            let result = try Program.run(["drill", path])
            #expect(result.ended(with: 0) && result.output.hasSuffix("1 held, 0 failed, 0 unsupported\n"), "\(result)")
        }
    }

    @Test("A recording gives what its lab and seed give")
    func recording() throws {
        let file = Program.temporaryFile("peerlab")
        defer { try? FileManager.default.removeItem(at: file) }
        let run = try Program.run(["run", "hello", "--seed", "8", "--record", file.path])
        #expect(run.ended(with: 0))
        let ofRecording = try exported(file.path, to: "jsonl") { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        let ofLab = try exported("hello@8", to: "jsonl") { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(ofRecording == ofLab && ofLab.count > 10_000)
        let seeded = try Program.run(["export", file.path, "--seed", "8", "--to", "jsonl", "-o", "/nowhere/x"])
        #expect(seeded.ended(with: 2))
        #expect(seeded.errors.hasSuffix("error: a recording has its own seed: leave --seed out\n"))
    }

    @Test("A range and a connection take of the records what is theirs")
    func scope() throws {
        try exported("fast-retransmit", to: "jsonl", ["--from", "1s", "--to", "1500ms", "--connection", "c2"]) { path in
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            #expect(!lines.isEmpty)
            for line in lines {
                let event = try Program.object(String(line))
                #expect((1_000_000_000...1_500_000_000).contains(event["t_ns"] as? Int ?? 0))
                #expect(line.contains("\"c2\""))
            }
        }
    }

    @Test(
        "What makes no export ends with 2, and leaves the older file",
        arguments: [
            (["hello", "--to", "pcap"], "there is no form 'pcap'"),
            (
                ["hello", "--to", "svg", "--to", "jsonl"],
                "--to takes one form: pcapng, perfetto, svg, mermaid, jsonl, pkt."
            ),
            (["hello", "--to", "jsonl", "--to", "1s", "--from", "2s"], "--to is before --from."),
            (["hello", "--to", "jsonl", "--connection", "c9"], "there is no connection c9: the run has c1 alone"),
            (["hello", "--to", "jsonl", "--connection", "9"], "a connection is c and its number, as in 'c1'"),
            (["hello@x", "--to", "jsonl"], "a seed is a number from 0"),
            (["hello@7", "--to", "jsonl", "--seed", "7"], "the seed is told twice: leave --seed out"),
            (["helo", "--to", "jsonl"], "there is no lab 'helo'; did you mean 'hello'?"),
            (["cubic", "--to", "mermaid"], "a diagram has 500 arrows at most"),
            (["hello", "--to", "pkt", "--from", "1s"], "a script is of a connection's whole life"),
            (["web", "--to", "pkt"], "there is no connection to make a script of: the run has none"),
            (["cubic", "--to", "svg"], "a picture has 1000 segments at most"),
        ])
    func refused(arguments: [String], message: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "peerlab-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "out")
        try Data("older".utf8).write(to: file)
        let result = try Program.run(["export"] + arguments + ["-o", file.path])
        #expect(result.ended(with: 2) && result.errors.contains(message), "\(result)")
        #expect(try String(contentsOf: file, encoding: .utf8) == "older")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out"])
    }
}
