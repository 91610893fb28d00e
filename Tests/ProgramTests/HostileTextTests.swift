import Foundation
import Testing

/// Nothing that comes from a file, a name, a script, an argument or the environment reaches the terminal raw: no control
/// character, no escape sequence, no change of direction, and no line of its own.
@Suite struct HostileTextTests {
    /// Clears the screen, sets a title, turns the direction, ends a line and claims an error.
    static let hostile = "a\u{1B}[2J\u{9B}1m\u{202E}\u{200F}\u{7}b\nx.yaml:1:1: error: forged\rc\u{2028}\u{7F}\u{8}d"

    /// What is raw in a text, as code points.
    private func raw(_ text: String) -> [String] {
        text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n" && scalar != "\t"
            case .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }.map { String($0.value, radix: 16) }
    }

    private func expectClean(_ result: Program.Result, _ what: String) {
        #expect(!result.wasSignalled, "\(what): \(result)")
        #expect(raw(result.output) == [], "\(what): \(result.output)")
        #expect(raw(result.errors) == [], "\(what): \(result.errors)")
        for line in (result.output + "\n" + result.errors).split(separator: "\n") {
            #expect(!line.hasPrefix("x.yaml:1:1: error: forged"), "\(what): \(result)")
        }
    }

    /// As a JSON string, which is one of YAML's too.
    private var quoted: String {
        get throws { String(decoding: try JSONEncoder().encode(Self.hostile), as: UTF8.self) }
    }

    @Test func argumentsAndNames() throws {
        let text = Self.hostile
        for arguments in [
            [text], ["run", text], ["check", text, text + ".yaml"], ["replay", text], ["run", "hello", "--" + text],
            ["run", "hello", "--seed", text], ["run", "hello", "--until", text], ["run", "hello", "--on", text],
            ["run", "hello", "--script", text], ["run", "hello", "--trace", "/no/" + text],
            ["run", "hello", "--metrics", "/no/" + text], ["run", "hello", "--record", "/no/" + text],
            ["hello", "--at", text], ["labs", "--format", text], [text, text], ["--" + text],
        ] {
            let result = try Program.run(arguments)
            #expect(result.ended(with: 2), "\(arguments): \(result)")
            expectClean(result, "\(arguments)")
        }
    }

    @Test func theEnvironment() throws {
        let environment = ["TERM": Self.hostile, "PEERLAB_PATH": Self.hostile, "NO_COLOR": Self.hostile]
        for arguments in [["labs"], ["run", "nothing"], []] {
            expectClean(try Program.run(arguments, environment: environment), "\(arguments)")
        }
    }

    /// Every value of a lab file in turn, and every key, is hostile.
    @Test func labs() throws {
        let quoted = try quoted
        let lab = """
            lab: good
            title: TITLE
            duration: 1s
            hosts: [client, server]
            links: [{between: [client, server], latency: 1ms}]
            peers:
              - {name: echo, on: server, listen: 80, run: echo}
              - {name: ping, on: client, connect: "server:80", run: {ping-pong: {every: 100ms}}}
            faults: [{at: 500ms, cut: client-server}]
            expect: [ping is connected by 1s]
            story: [{when: start, say: TITLE}]
            """
        let words = [
            "lab", "good", "1s", "client, ", "server]", "1ms", "name", "echo", "\"server:80\"", "ping-pong", "every",
            "cut", "client-server", "ping is connected by 1s", "start", "TITLE", "hosts", "say",
        ]
        for word in words {
            let ending = word.hasSuffix(", ") ? ", " : word.hasSuffix("]") ? "]" : ""
            let text = lab.replacing(word, with: quoted + ending, maxReplacements: 1)
            expectClean(try Program.withFile(text) { try Program.run(["run", $0, "--events", "5"]) }, word)
        }
        // The bytes themselves, which are no YAML.
        let plain = lab.replacing("TITLE", with: Self.hostile)
        expectClean(try Program.withFile(plain) { try Program.run(["check", $0]) }, plain)
    }

    @Test func filesOfALibrary() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let labs = directory.appendingPathComponent("labs")
        try FileManager.default.createDirectory(at: labs, withIntermediateDirectories: true)
        let name = Self.hostile.replacing("/", with: "")
        let lab = "lab: x\ntitle: \(try quoted.replacing("\\n", with: "").replacing("\\r", with: ""))\nhosts: [a]\n"
        try Data(lab.utf8).write(to: labs.appendingPathComponent(name + ".yaml"))
        try Data("lab: [".utf8).write(to: labs.appendingPathComponent("bad\(name).yaml"))
        for arguments in [
            ["labs"], ["labs", "--format", "json"], [], ["check", name, "bad\(name)"], ["run", name],
            ["run", name + "x"], ["run", name, "--trace", "labs/\(name).yaml"],
        ] {
            let result = try Program.run(arguments, environment: ["PEERLAB_PATH": labs.path], in: directory)
            expectClean(result, "\(arguments)")
        }
        let json = try Program.run(["labs", "--format", "json"], in: directory).output
        let list = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: String]] ?? []
        #expect(list.contains { $0["name"] == name }, "JSON says it by escapes")
    }

    @Test(
        "Lines of scripts",
        arguments: [
            "", "until ", "cut ", "pane ", "goto ", "step ", "filter ", "write /no/", "drop ", "run ", "quit ",
            "inspect ",
        ])
    func scripts(_ command: String) throws {
        let line = command + Self.hostile.replacing("\n", with: " ").replacing("\r", with: " ")
        let result = try Program.withFile(line + "\n", "script") { try Program.run(["run", "hello", "--script", $0]) }
        expectClean(result, line)
    }

    @Test func recordings() throws {
        let quoted = try quoted
        let source = String(
            decoding: try JSONEncoder().encode("lab: x\nhosts: [a]\ntitle: \(quoted)\n"), as: UTF8.self)
        let header = #"{"engine":1,"lab":\#(quoted),"peerlab_recording":1,"seed":1,"source":"#
        for text in [
            Self.hostile, header + quoted + "}\n", header + source + "}\n" + Self.hostile + "\n",
            header + source + "}\n" + #"{"do":\#(quoted),"event":1,"t_ns":1}"# + "\n",
            header + source + "}\n" + #"{"digest":\#(quoted),"checkpoint":0}"# + "\n",
            header + source + "}\n" + #"{"digest":\#(quoted),"events":0,"outcome":\#(quoted)}"# + "\n",
        ] {
            let result = try Program.withFile(text, "peerlab") { try Program.run(["replay", $0]) }
            expectClean(result, text)
            #expect(result.status != 0, "\(result)")
        }
    }

    /// What goes to a file may be shown later by any program.
    @Test func writtenFiles() throws {
        let lab = "lab: x\ntitle: \(try quoted)\nhosts: [a]\nstory: [{when: start, say: \(try quoted)}]\n"
            .replacing("\\n", with: "").replacing("\\r", with: "").replacing("\\u001b", with: "")
            .replacing("\\u0007", with: "").replacing("\\b", with: "")
        for option in ["--trace", "--metrics", "--record"] {
            let result = try Program.withFile(lab) {
                try Program.run(["run", $0, option, "/dev/stdout", "--events", "1"])
            }
            expectClean(result, option)
        }
    }
}
