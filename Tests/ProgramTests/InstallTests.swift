import Foundation
import Testing

/// `make install` and `make uninstall`, behind the build.
@Suite struct InstallTests {
    private static let script = Program.root.appendingPathComponent(".tools/install.sh").path

    private func files(_ directory: URL) -> [String] {
        (FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []).filter {
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(
                atPath: directory.appendingPathComponent($0).path, isDirectory: &isDirectory)
            return !isDirectory.boolValue
        }
    }

    @Test func whatIsInstalledRunsFromAnywhereAndIsTakenAwayWhole() throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID())")
        defer { try? FileManager.default.removeItem(at: place) }
        let prefix = place.appendingPathComponent("a prefix")
        let installed = try Program.run(
            [Self.script, prefix.path, Program.released("peerlab")], executable: "/bin/bash")
        #expect(installed.ended(with: 0), "\(installed.errors)")
        // Away from the sources, which have labs of their own beside them.
        let program = prefix.appendingPathComponent("bin/peerlab").path
        let labs = try Program.run(["labs"], in: URL(fileURLWithPath: "/"), executable: program)
        #expect(labs.ended(with: 0) && labs.output.contains("half-open"), "\(labs.output)\(labs.errors)")
        let run = try Program.run(
            ["run", "hello", "--until", "1s"], in: URL(fileURLWithPath: "/"), executable: program)
        #expect(run.ended(with: 0), "\(run.errors)")
        for name in ["bash-completion/completions/peerlab", "zsh/site-functions/_peerlab"] {
            let text = try String(contentsOf: prefix.appendingPathComponent("share/\(name)"), encoding: .utf8)
            #expect(text.contains("half-open") || text.contains("sweep"))
        }
        // The manual page has every command.
        let page = try String(
            contentsOf: prefix.appendingPathComponent("share/man/man1/peerlab.1"), encoding: .utf8)
        let help = try Program.run(["--help"]).output
        let commands = help.components(separatedBy: "SUBCOMMANDS:")[1].split(separator: "\n")
            .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.compactMap { $0.split(separator: " ").first }
        #expect(commands.count > 10)
        for command in commands where command != "See" {
            #expect(page.contains(".It Cm \(command)\n"), "\(command)")
        }
        #expect(files(prefix).count > 30)
        let removed = try Program.run([Self.script, "--remove", prefix.path], executable: "/bin/bash")
        #expect(removed.ended(with: 0) && files(prefix).isEmpty, "\(files(prefix))")
    }
}
