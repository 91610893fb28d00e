import Foundation
import Testing

@testable import Lab

/// Files that mean harm, or are no lab files at all.
@Suite struct HostileFileTests {
    /// A directory that is gone after the body.
    private func withDirectory(_ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("labfile-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory)
    }

    private func messages(ofBytes bytes: [UInt8]) -> [String] {
        do throws(LabDiagnostics) {
            _ = try LabFile.read(bytes: bytes, name: "x")
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    private func messages(ofFile path: String) -> [String] {
        do throws(LabDiagnostics) {
            _ = try LabFile.load(path: path)
            return []
        } catch {
            return error.all.map { $0.description.replacing(path, with: "F") }
        }
    }

    @Test func emptyAndBinary() {
        let empty = ["x:1:1: error: the file is empty; a lab needs at least 'lab' and 'hosts'"]
        #expect(messages(ofBytes: []) == empty)
        #expect(messages(ofBytes: Array(" \n\n# nothing\n".utf8)) == empty)
        #expect(messages(ofBytes: [0x6C, 0x0A, 0x61, 0]) == ["x:2:2: error: the file is not text in UTF-8"])
        #expect(messages(ofBytes: [0x6C, 0x0A, 0xFF, 0]) == ["x:2:1: error: the file is not text in UTF-8"])
        #expect(messages(ofBytes: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]).count == 1)
        #expect(diagnostics(of: "lab: a\0") == ["x:1:7: the file is not text in UTF-8"])
    }

    @Test func size() {
        let tooLarge = "x: error: the file is larger than 1 MiB, the most that a lab file may have"
        let lab = "lab: a\nhosts: [a]\n#"
        let most = lab + String(repeating: "x", count: 1_048_576 - lab.utf8.count)
        #expect(diagnostics(of: most) == [])
        #expect(messages(ofBytes: Array((most + "x").utf8)) == [tooLarge])
        #expect(diagnostics(of: most + "x") == [tooLarge.replacing(": error: ", with: ": ")])
    }

    @Test func files() throws {
        try withDirectory { directory in
            let lab = directory.appendingPathComponent("good.yaml")
            try Data(LabText.halfOpen.utf8).write(to: lab)
            let read = try LabFile.load(path: lab.path)
            #expect(read.name == "half-open")

            let huge = directory.appendingPathComponent("huge.yaml")
            try Data().write(to: huge)
            let handle = try FileHandle(forWritingTo: huge)
            try handle.truncate(atOffset: 104_857_600)
            try handle.close()
            #expect(
                messages(ofFile: huge.path)
                    == ["F: error: the file is larger than 1 MiB, the most that a lab file may have"])
            #expect(messages(ofFile: directory.path) == ["F: error: it is a directory, not a lab file"])
            #expect(messages(ofFile: directory.path + "/none.yaml") == ["F: error: there is no such file"])
        }
    }

    @Test func endlessFileIsNotReadToItsEnd() {
        #expect(
            messages(ofFile: "/dev/zero")
                == ["F: error: the file is larger than 1 MiB, the most that a lab file may have"])
    }

    @Test func aliasBomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...60 {
            let before = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: before, count: 10).joined(separator: ", "))]\n"
        }
        #expect(diagnostics(of: text) == ["x:2:10: aliases ('*a0') are refused; write the value out"])
        // As keys, which a composer hashes.
        let keys = text.replacing("[", with: "{? [").replacing("]", with: "]}")
        #expect(diagnostics(of: keys) == ["x:2:13: aliases ('*a0') are refused; write the value out"])
    }

    @Test func longNamesCostLittle() {
        let long = String(repeating: "a", count: 1_000_000)
        #expect(diagnostics(of: "&\(long) *\(long)"[...].prefix(1_000_000).description).count == 1)
        let dashes = String(repeating: "-", count: 500_000)
        let text = LabText.pair + "faults: [{at: 1s, cut: x\(dashes)}]\nexpect: ['\(dashes) is connected']\n"
        #expect(diagnostics(of: text).count == 2)
        let stars = String(repeating: "*a", count: 250_000)
        #expect(diagnostics(of: "lab: a\nhosts: {a: {count: 1000}}\nlinks: [{between: ['\(stars)', a-1]}]").count == 1)
    }

    @Test func manyErrorsAreCounted() throws {
        let text = "lab: a\nhosts: [a" + String(repeating: ", a", count: 5_000) + "]\n"
        let all = diagnostics(of: text)
        #expect(all.count == 1_001)
        #expect(all.first == "x:2:12: duplicate host 'a'")
        #expect(all.last == "x: and 4000 more errors")
    }

    @Test func boundsOfExpansion() {
        let links = "lab: a\nhosts: {a: {count: 2000}}\nlinks: [{between: ['a-*', 'a-*']}]\n"
        #expect(diagnostics(of: links) == ["x:3:19: a lab has at most 1000000 links"])
        let hosts = "lab: a\nhosts: {a: {count: 60000}, b: {count: 60000}}\n"
        #expect(diagnostics(of: hosts) == ["x:2:39: a lab has at most 100000 hosts"])
        let peer = "{name: NAME, on: 'a-*', listen: 1, run: echo}"
        let peers =
            "lab: a\nhosts: {a: {count: 60000}}\npeers: [\(peer.replacing("NAME", with: "p")),\n"
            + "\(peer.replacing("NAME", with: "q").replacing("1", with: "2"))]\n"
        #expect(diagnostics(of: peers) == ["x:4:15: a lab has at most 100000 peers"])
    }

    @Test func controlCharactersDoNotReachATerminal() {
        let all = diagnostics(of: "lab: a\nhosts: [\"\\e[2J\"]\n\"\\e]0;x\\a\": 1\n")
        #expect(all.count == 2)
        #expect(all.allSatisfy { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } })
    }

    @Test func deepNesting() {
        let deep = "lists and mappings are nested more than 16 deep"
        func brackets(_ count: Int) -> String {
            "lab: a\nhosts: " + String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        #expect(diagnostics(of: brackets(15)) == ["x:2:9: 'hosts' must be a list of names, not a list"])
        #expect(diagnostics(of: brackets(16)) == ["x:2:23: \(deep)"])
        #expect(diagnostics(of: brackets(900)) == ["x:2:23: \(deep)"])
        #expect(diagnostics(of: brackets(5_000)) == ["x:2:24: \(deep)"])
        #expect(diagnostics(of: String(repeating: "? ", count: 100_000)) == ["x:1:33: \(deep)"])
        #expect(diagnostics(of: String(repeating: "{", count: 500_000)) == ["x:1:17: \(deep)"])
        #expect(diagnostics(of: String(repeating: "- ", count: 100_000)) == ["x:1:33: \(deep)"])
    }
}
