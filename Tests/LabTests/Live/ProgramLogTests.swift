import Foundation
import Testing

@testable import Lab

/// The files of what programs write.
@Suite("Logs of programs")
struct ProgramLogTests {
    private func withLog(_ body: (String, ProgramLog) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path, try ProgramLog(path))
    }

    private func write(_ lines: ClosedRange<Int>, to log: ProgramLog) {
        for line in lines { Array("line \(line) of many\n".utf8).withUnsafeBytes { log.append($0) } }
    }

    @Test("Who writes without end fills no disk: the first and the last lines are there, and how much is left out")
    func bounded() throws {
        try withLog { path, log in
            write(1...500_000, to: log)
            let data = try Data(contentsOf: URL(filePath: path))
            #expect(data.count <= 3 * ProgramLog.kept)
            let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
            #expect(lines.first == "line 1 of many" && lines.last == "line 500000 of many")
            let notes = lines.filter { $0.hasPrefix("[") }
            #expect(notes.count == 1, "\(notes)")
            // All that was written is there, or said to be left out.
            let written = (1...500_000).reduce(0) { $0 + "line \($1) of many\n".utf8.count }
            let note = try #require(notes.first)
            let leftOut = Int(note.dropFirst().split(separator: " ")[0].filter(\.isNumber)) ?? 0
            #expect(data.count - note.utf8.count - 2 + leftOut == written, "\(note)")
        }
    }

    @Test("A little is kept as it is, and its end is read again when there is more")
    func little() throws {
        try withLog { path, log in
            write(1...3, to: log)
            let program = ProgramState(name: "web", isRunning: true, exit: nil, log: path)
            let first = try #require(ProgramOutput(program))
            #expect(first.lines == ["line 1 of many", "line 2 of many", "line 3 of many"])
            #expect(ProgramOutput.size(of: program) == first.size)
            write(4...20_000, to: log)
            #expect(ProgramOutput.size(of: program) != first.size)
            let second = try #require(ProgramOutput(program))
            #expect(second.lines.last == "line 20000 of many" && second.lines.first?.hasPrefix("line ") == true)
            #expect(ProgramOutput(ProgramState(name: "web", isRunning: true, exit: nil, log: path + "x")) == nil)
        }
    }
}
