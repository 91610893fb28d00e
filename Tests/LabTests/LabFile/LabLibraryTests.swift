import Foundation
import Testing

@testable import Lab

@Suite struct LabLibraryTests {
    /// A directory with files, each of a path and a text, that is gone after the body.
    private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appendingPathComponent("library-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(root.path)
    }

    private func lab(_ title: String) -> String { "lab: a\ntitle: \(title)\nhosts: [a]\n" }

    @Test func listIsSortedAndTheFirstDirectoryWins() throws {
        let files = [
            "one/hello.yaml": lab("First"), "one/notes.txt": "x", "one/.yaml": "x", "two/hello.yaml": lab("Second"),
            "two/cut.yaml": lab("Cut"), "two/broken.yaml": "lab: [",
        ]
        try withFiles(files) { root in
            let library = LabLibrary(directories: [root + "/one", root + "/none", root + "/two"])
            let list = library.list()
            #expect(list.map(\.name) == ["broken", "cut", "hello"])
            #expect(list.map(\.title) == ["", "Cut", "First"])
            #expect(list.map { $0.problems == nil } == [false, true, true])
            #expect(list[2].path == root + "/one/hello.yaml")
            let byName = try library.load("hello")
            let byPath = try library.load(root + "/two/hello.yaml")
            #expect(byName.title == "First" && byPath.title == "Second")
        }
    }

    @Test func aRecordingIsSaidToBeOne() throws {
        let recording = "{\"engine\":3,\"lab\":\"x\",\"peerlab_recording\":1,\"seed\":1,\"source\":\"\"}\n"
        try withFiles(["run.peerlab": recording + "{}\n"]) { root in
            do throws(LabDiagnostics) {
                _ = try LabFile.load(path: root + "/run.peerlab")
                Issue.record("it is no lab")
            } catch {
                #expect(error.description.contains("this is a recording and no lab; write: peerlab replay"))
            }
        }
    }

    @Test func unknownName() throws {
        try withFiles(["labs/hello.yaml": lab("x"), "labs/cut.yaml": lab("y")]) { root in
            let library = LabLibrary(directories: [root + "/labs"])
            func message(_ reference: String, _ library: LabLibrary) -> String {
                do throws(LabDiagnostic) { return try library.path(of: reference) } catch { return error.description }
            }
            #expect(message("helo", library) == "helo: error: there is no lab 'helo'; did you mean 'hello'?")
            #expect(message("xyz", library) == "xyz: error: there is no lab 'xyz'; there are cut and hello")
            #expect(
                message("xyz", LabLibrary(directories: []))
                    == "xyz: error: there is no lab 'xyz'; no labs are installed")
            #expect(message("-", library) == "-")
            #expect(message("./xyz", library) == "./xyz")
            #expect(message("xyz.yaml", library) == "xyz.yaml")
        }
    }

    @Test func standardDirectories() throws {
        let files = ["src/Package.swift": "", "src/.build/debug/peerlab": "", "opt/bin/peerlab": ""]
        try withFiles(files) { root in
            let built = LabLibrary.standard(
                environment: ["PEERLAB_PATH": "/a::/b"], executable: root + "/src/.build/debug/peerlab")
            #expect(
                built.directories
                    == ["labs", "/a", "/b", root + "/src/.build/share/peerlab/labs", root + "/src/labs"])
            let installed = LabLibrary.standard(environment: [:], executable: root + "/opt/bin/peerlab")
            #expect(installed.directories == ["labs", root + "/opt/share/peerlab/labs"])
        }
    }
}
