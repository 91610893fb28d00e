import Foundation
import SimNetwork
import Testing

@testable import Lab

/// Files that are written as a run goes, and those that are written whole.
@Suite struct WrittenFileTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("written-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory.path)
    }

    private func read(_ path: String) throws -> Recording {
        try Recording(try Data(contentsOf: URL(fileURLWithPath: path)), name: path)
    }

    @Test("One run is recorded into a file at a time, by whatever name", arguments: [true, false])
    func isLocked(isThere: Bool) throws {
        try withDirectory { directory in
            let (path, link) = (directory + "/r.peerlab", directory + "/soft")
            if isThere { try Data("old\n".utf8).write(to: URL(fileURLWithPath: path)) }
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "r.peerlab")
            let lab = try LabsOnDisk.lab("hello")
            let (first, second) = (SimSession(lab: lab), SimSession(lab: lab, seed: 9))
            defer { for session in [first, second] { session.close() } }
            try first.record(to: path)
            for name in [path, link] {
                let error = #expect(throws: SessionError.self) { try second.record(to: name) }
                #expect(error?.description.contains("a run is being recorded into it") == true)
                #expect(throws: UnwritableFile.self) { try OutputFile.write(Data(), to: name) }
            }
            #expect(try read(path).seed == first.seed)
            first.finishRecording()
            try second.record(to: link)
            #expect(try read(path).seed == 9)
        }
    }

    @Test("A recording can be opened from its first moment on, and a session that is closed ends it")
    func isAlwaysReadable() throws {
        try withDirectory { directory in
            let path = directory + "/r.peerlab"
            try Data("old\n".utf8).write(to: URL(fileURLWithPath: path))
            let session = SimSession(lab: try LabsOnDisk.lab("hello"))
            try session.record(to: path)
            #expect(try read(path).warnings.contains { $0.contains("no footer") })
            _ = try session.seek(to: .event(40))
            try session.intervene(.healAll)
            #expect(try read(path).interventions.count == 1)
            session.close()
            #expect(try read(path).warnings.isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["r.peerlab"])
        }
    }

    @Test("A file is there whole or not at all, and keeps its permissions")
    func isWhole() throws {
        try withDirectory { directory in
            let path = directory + "/out"
            try Data("old\n".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            do {
                let file = try OutputFile(path)
                try file.append(Data("new".utf8))
                #expect(try String(contentsOfFile: path, encoding: .utf8) == "old\n")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["out"])
            try OutputFile.write(Data("new".utf8), to: path)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o640)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["out"])
        }
    }

    @Test("Whoever has the old file open does not get it when a new one takes its name")
    func isLockedBehindAReplacement() throws {
        try withDirectory { directory in
            let path = directory + "/r.peerlab"
            try Data("old\n".utf8).write(to: URL(fileURLWithPath: path))
            let old = try OpenFile.opening(path, O_RDWR)
            let session = SimSession(lab: try LabsOnDisk.lab("hello"))
            defer { session.close() }
            try session.record(to: path)
            #expect(throws: UnwritableFile.self) { try old.lock() }
        }
    }
}
