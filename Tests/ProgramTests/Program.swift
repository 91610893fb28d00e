import Foundation

/// The built program, run as a user runs it.
struct Program {
    /// What a run left.
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The repository's root.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The executable beside the test bundle, so that it is of the same build.
    static let path: String = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundlePath ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("peerlab").path
    }()

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - environment: variables beside PATH and HOME.
    ///   - input: what standard input says; nothing by default.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: Data = Data(), in directory: URL = root,
        through launcher: [String] = [], executable: String = path
    ) throws -> Result {
        let process = Process()
        let words = launcher + [executable] + arguments
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.currentDirectoryURL = directory
        var variables = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": NSTemporaryDirectory()]
        variables["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        for (name, value) in environment { variables[name] = value }
        process.environment = variables
        let (output, errors, standardInput) = (temporaryFile(), temporaryFile(), Pipe())
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = standardInput
        try process.run()
        try? standardInput.fileHandleForWriting.write(contentsOf: input)
        try? standardInput.fileHandleForWriting.close()
        process.waitUntilExit()
        defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
        return Result(
            status: process.terminationStatus, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }

    /// An empty file that the caller removes.
    static func temporaryFile(_ ending: String = "txt") -> URL {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID()).\(ending)")
        _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        return url
    }
}
