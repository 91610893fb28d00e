import Foundation

/// A small package in a temporary folder, for `.tools/lint` to check.
struct LintTree {
    /// What the lint said, and how it ended.
    struct Outcome {
        var status: Int32
        var output: String
    }

    /// The package that these tests belong to.
    static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The modules of the package's own table of imports, with what each may import.
    static func allowedImports() throws -> [(module: String, imports: [String])] {
        let table = try String(contentsOf: package.appending(path: ".tools/imports.txt"), encoding: .utf8)
        return table.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: ":", omittingEmptySubsequences: false)
            return (String(parts[0]), parts[1].split(separator: " ").map(String.init))
        }
    }

    private let root: URL

    /// Makes a tree in which each module has one file, with every import that it may have, and nothing is wrong; then
    /// lets `body` change and check it, and removes it.
    static func with(_ body: (LintTree) async throws -> Void) async throws {
        let root = URL.temporaryDirectory.appending(path: "peerlab-lint-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let tree = LintTree(root: root)
        let table = try String(contentsOf: package.appending(path: ".tools/imports.txt"), encoding: .utf8)
        try tree.write(".tools/imports.txt", table)
        try tree.write(".tools/lint-allow.txt", "")
        for (module, imports) in try allowedImports() {
            let lines = imports.map { "import \($0)\n" }.joined()
            try tree.write("Sources/\(module)/Sound.swift", lines + "struct Sound {}\n")
        }
        try await body(tree)
    }

    /// Writes a file of the tree, and makes the folders it stands in.
    func write(_ path: String, _ text: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: false, encoding: .utf8)
    }

    /// Runs the lint on the tree, without the formatter.
    func lint() async throws -> Outcome {
        let output = root.appending(path: "output")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        defer { try? handle.close() }

        let process = Process()
        process.executableURL = Self.package.appending(path: ".tools/lint")
        process.arguments = ["--root", root.path, "--no-format"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do {
                try process.run()
            } catch {
                ended.resume(throwing: error)
            }
        }
        return Outcome(
            status: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8))
    }
}
