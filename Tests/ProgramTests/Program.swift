import Foundation

/// The built program, run as a user runs it.
struct Program {
    /// What a run left.
    struct Result {
        /// The exit code, or the signal's number where ``wasSignalled``.
        var status: Int32
        /// Whether a signal ended it, as a trap does.
        var wasSignalled: Bool
        var output: String
        var errors: String

        /// Whether it ended by itself with this exit code.
        func ended(with code: Int32) -> Bool { status == code && !wasSignalled }
    }

    /// The repository's root.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The executable beside the test bundle, so that it is of the same build.
    static let path: String = {
        let bundle =
            Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundlePath ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("peerlab").path
    }()

    /// A program as `make test` builds it for release.
    static func released(_ name: String) -> String {
        root.appendingPathComponent(".build/for-tests/release/\(name)").path
    }

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - environment: variables beside PATH and HOME.
    ///   - input: what standard input says; nothing by default.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: Data = Data(), in directory: URL = root,
        through launcher: [String] = [], executable: String = path
    ) throws -> Result {
        let (standardInput, output, errors) = (temporaryFile(), temporaryFile(), temporaryFile())
        defer { for file in [standardInput, output, errors] { try? FileManager.default.removeItem(at: file) } }
        try input.write(to: standardInput)
        let child = try Child(
            launcher + [executable] + arguments, environment: variables(environment), in: directory,
            input: standardInput.path, output: output.path, errors: errors.path)
        let end = child.wait()
        return Result(
            status: end.status, wasSignalled: end.wasSignalled,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }

    /// Runs it to its end, and measures the most memory that it had at once, in bytes.
    ///
    /// A process counts with the memory of the one that started it: so a small one between them does.
    static func measured(_ arguments: [String], executable: String = path) throws -> (run: Result, memory: Int) {
        let between = """
            import resource, subprocess, sys
            status = subprocess.call(sys.argv[1:])
            print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
            sys.exit(status)
            """
        let run = try run(arguments, through: ["python3", "-c", between], executable: executable)
        let kibibytes = run.errors.split(separator: "\n").last.flatMap { Int($0) } ?? 0
        return (run, kibibytes << 10)
    }

    /// A pinned environment with these variables in it.
    static func variables(_ more: [String: String] = [:]) -> [String: String] {
        var variables = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": NSTemporaryDirectory()]
        variables["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        for (name, value) in more { variables[name] = value }
        return variables
    }

    /// An empty file that the caller removes.
    static func temporaryFile(_ ending: String = "txt") -> URL {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID()).\(ending)")
        _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        return url
    }

    /// Lets a body work with a file of this text, and removes it.
    static func withFile<Answer>(
        _ text: String, _ ending: String = "yaml", _ body: (String) throws -> Answer
    ) throws -> Answer {
        let file = temporaryFile(ending)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        return try body(file.path)
    }

    /// The one JSON object of a text.
    static func object(_ text: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }
}
