import Foundation
import Testing

/// `peerlab sweep`: many seeds on several processes.
@Suite struct SweepTests {
    /// A lab some of whose seeds fail, in more than one way.
    static let lab = """
        lab: strict
        duration: 5s
        hosts: [client, server]
        links:
          - {between: [client, server], latency: {uniform: [1ms, 5ms]}, loss: 0.02}
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 100ms, size: 64}}}
        chaos: {mode: swarm, only: [reset, partition, process-kill]}
        expect:
          - ping is connected by 4s
          - no message is delivered twice
        """

    static func sweep(
        of lab: String = lab, _ arguments: [String], environment: [String: String] = [:],
        executable: String = Program.path
    ) throws -> Program.Result {
        try Program.withFile(lab) { file in
            try Program.run(
                ["sweep", file] + arguments, environment: environment, executable: executable)
        }
    }

    /// A report without what depends on the machine, and on where recordings are.
    static func lasting(_ text: String) throws -> NSDictionary {
        var report = try Program.object(text)
        report["seconds"] = nil
        report["jobs"] = nil
        return report as NSDictionary
    }

    @Test func aSweepSaysTheSameHoweverManyProcessesItHas() throws {
        let reports = try ["1", "3"].map { jobs in
            let result = try Self.sweep(["--seeds", "1..30", "--jobs", jobs, "--format", "json"])
            #expect(result.ended(with: 1), "\(result.errors)")
            return try Self.lasting(result.output)
        }
        #expect(reports[0] == reports[1])
        let seeds = reports[0]["seeds"] as? [String: Int] ?? [:]
        let groups = reports[0]["groups"] as? [[String: Any]] ?? []
        #expect(seeds["run"] == 30 && seeds["passed", default: 0] > 0 && seeds["failed", default: 0] > 1)
        #expect(groups.count > 1)
        #expect(groups.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == seeds["failed"])
        // What it says of a seed is what a run of it says.
        let example = groups.first?["example"] as? [String: Any] ?? [:]
        let seed = try #require(example["seed"] as? Int)
        let run = try Program.withFile(Self.lab) { file in
            try Program.run(["run", file, "--seed", "\(seed)", "--format", "json"])
        }
        #expect(run.ended(with: 1))
        let verdicts = try Program.object(run.output)["expectations"] as? [[String: Any]] ?? []
        #expect(verdicts.contains { $0["held"] as? Bool == false && $0["event"] as? Int == example["event"] as? Int })
    }

    @Test func shardsTogetherAreTheWhole() throws {
        let directory = Program.temporaryFile("shards")
        try FileManager.default.removeItem(at: directory)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let range = ["--seeds", "1..24", "--format", "json"]
        let whole = try Self.sweep(range)
        var files: [String] = []
        for index in 0..<3 {
            // As a scheduler says it, and as it is said by hand.
            let slurm = [
                "SLURM_ARRAY_TASK_ID": "\(index + 5)", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "5",
            ]
            let shard =
                index == 0
                ? try Self.sweep(range + ["--shard", "3/3"])
                : try Self.sweep(range + ["--shard", "auto"], environment: slurm)
            let file = directory.appendingPathComponent("\(index).json")
            try shard.output.write(to: file, atomically: true, encoding: .utf8)
            files.append(file.path)
        }
        let merged = try Program.run(["sweep", "--merge", "--format", "json"] + files.reversed())
        #expect(merged.ended(with: 1), "\(merged.errors)")
        #expect(try Self.lasting(merged.output) == Self.lasting(whole.output))
        let lacking = try Program.run(["sweep", "--merge", files[0], files[2]])
        #expect(lacking.ended(with: 2) && lacking.errors.contains("of 3 shards 1/3 is missing"))
        let twice = try Program.run(["sweep", "--merge", files[0], files[1], files[1]])
        #expect(twice.ended(with: 2) && twice.errors.contains("it is shard 1/3, as"))
    }

    @Test func seedsThatTrapTakeOnlyThemselvesDown() throws {
        // Some seeds kill the process before it has come to its misdeed.
        let lab =
            Misbehaving.lab("precondition").replacingOccurrences(of: "after: 100ms", with: "after: 900ms")
            + "\nchaos: {mode: swarm, only: [process-kill], interval: 500ms}\n"
        let result = try Self.sweep(
            of: lab, ["--seeds", "1..16", "--format", "json", "--jobs", "2"],
            environment: ["SWIFT_BACKTRACE": "enable=no"],
            executable: Misbehaving.path)
        #expect(result.ended(with: 1), "\(result.errors)")
        let report = try Program.object(result.output)
        let seeds = report["seeds"] as? [String: Int] ?? [:]
        #expect(seeds["run"] == 16 && seeds["crashed", default: 0] > 0)
        #expect(seeds["crashed", default: 0] + seeds["passed", default: 0] + seeds["incomplete", default: 0] == 16)
        #expect(seeds["crashed", default: 0] < 16)
        let group = try #require((report["groups"] as? [[String: Any]])?.first)
        let signature = group["signature"] as? String ?? ""
        #expect(signature.hasPrefix("trap in ") && signature.contains("a text of Swift's own"), "\(signature)")
        #expect((group["example"] as? [String: Any])?["event"] is Int)
    }

    @Test func aSeedThatHangsIsEnded() throws {
        let result = try Self.sweep(
            of: Misbehaving.lab("endless"), ["--seeds", "1..2", "--format", "json", "--limit", "500ms"],
            executable: Misbehaving.path)
        #expect(result.ended(with: 1), "\(result.errors)")
        let report = try Program.object(result.output)
        #expect((report["seeds"] as? [String: Int])?["crashed"] == 2)
        #expect((report["groups"] as? [[String: Any]])?.first?["signature"] as? String == "does not come to its end")
    }

    @Test func whatAKilledSweepHasFoundIsKept() throws {
        let directory = Program.temporaryFile("keep")
        try FileManager.default.removeItem(at: directory)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let (lab, keep) = (directory.appendingPathComponent("lab.yaml"), directory.appendingPathComponent("kept"))
        try Self.lab.write(to: lab, atomically: true, encoding: .utf8)
        let arguments = ["sweep", lab.path, "--seeds", "1..40", "--format", "json", "--keep", keep.path]
        let child = try Child(
            [Program.path] + arguments, environment: Program.variables(), in: directory,
            output: directory.appendingPathComponent("output").path)
        let log = keep.appendingPathComponent("sweep.jsonl")
        while (try? String(contentsOf: log, encoding: .utf8))?.contains("\"seed\":10}") != true { usleep(2_000) }
        child.send(SIGKILL)
        #expect(child.wait().wasSignalled)
        // A line that was being written.
        let written = try FileHandle(forWritingTo: log)
        try written.seekToEnd()
        try written.write(contentsOf: Data("{\"seed\":".utf8))
        try written.close()
        let resumed = try Program.run(arguments + ["--resume"])
        let whole = try Program.run(arguments)
        #expect(resumed.ended(with: 1) && whole.ended(with: 1), "\(resumed.errors)\(whole.errors)")
        #expect(try Self.lasting(resumed.output) == Self.lasting(whole.output))
        let groups = try Program.object(whole.output)["groups"] as? [[String: Any]] ?? []
        for group in groups {
            let recording = try #require(group["recording"] as? String)
            let replay = try Program.run(["replay", recording, "--format", "json"])
            #expect(replay.ended(with: 1), "\(replay.errors)")
        }
        let other = try Program.run(["sweep", lab.path, "--seeds", "1..41", "--keep", keep.path, "--resume"])
        #expect(other.ended(with: 2) && other.errors.contains("it is of another sweep"))
    }

    /// The processes that a process has started (proc(5): the fourth field of `stat`, behind the name in parentheses).
    private static func children(of parent: pid_t) throws -> [pid_t] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter { process in
            // One that has ended meanwhile is nobody's.
            guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let name = stat.lastIndex(of: ")")
            else { return false }
            let fields = stat[stat.index(after: name)...].split(separator: " ")
            return fields.count > 1 && pid_t(fields[1]) == parent
        }
    }

    @Test func aWorkerThatIsKilledLosesNothing() throws {
        let directory = Program.temporaryFile("killed")
        try FileManager.default.removeItem(at: directory)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let (lab, keep) = (directory.appendingPathComponent("lab.yaml"), directory.appendingPathComponent("kept"))
        try Self.lab.write(to: lab, atomically: true, encoding: .utf8)
        let arguments = ["sweep", lab.path, "--seeds", "1..80", "--format", "json", "--keep", keep.path]
        let (output, errors) = (directory.appendingPathComponent("out"), directory.appendingPathComponent("err"))
        let child = try Child(
            [Program.path] + arguments, environment: Program.variables(), in: directory, output: output.path,
            errors: errors.path)
        let log = keep.appendingPathComponent("sweep.jsonl")
        while (try? String(contentsOf: log, encoding: .utf8))?.contains("\"seed\":5}") != true { usleep(2_000) }
        let workers = try Self.children(of: child.pid)
        for worker in workers { kill(worker, SIGKILL) }
        #expect(!workers.isEmpty && child.wait().status == 1)
        let whole = try Program.run(arguments)
        #expect(try Self.lasting(String(contentsOf: output, encoding: .utf8)) == Self.lasting(whole.output))
        #expect(try String(contentsOf: errors, encoding: .utf8).contains("killed from outside"))
    }

    @Test func aSweepEndsWhereNothingNewIsMet() throws {
        let cell = "reset × SYN-SENT"
        let found = try Self.sweep(["--cover", "reset x syn_sent", "--format", "json"])
        #expect(found.ended(with: 0), "\(found.errors)")
        let place = try Program.object(found.output)["found"] as? [String: Any] ?? [:]
        #expect(place["cell"] as? String == cell && place["event"] is Int)
        let never = try Self.sweep(["--cover", "partition × failed", "--seeds", "1..5"])
        #expect(never.ended(with: 1) && never.output.contains("partition × failed: not reached"))
        let seed = try #require(place["seed"] as? Int)
        let covered = try Self.sweep(["--until-covered", "--seeds", "1..\(seed)", "--format", "json"])
        let grid = try Program.object(covered.output)["coverage"] as? [String: Any] ?? [:]
        #expect((grid["never"] as? [String])?.contains(cell) == false)
        #expect((grid["never"] as? [String])?.count == (grid["cells"] as? Int ?? 0) - (grid["reached"] as? Int ?? 0))
    }

    @Test(arguments: [
        (["--seeds", "9..3"], "the first seed of a range is not behind the last"),
        (["--seeds", "x"], "a seed is a number"), (["--shard", "4"], "a shard is its number and how many there are"),
        (["--shard", "auto"], "the environment says no shard"), (["--resume"], "--resume goes with --keep"),
        (["--cover", "resett × ESTABLISHED"], "did you mean 'reset'?"),
        (["--cover", "reset × ESTABLISHD"], "did you mean 'ESTABLISHED'?"),
        (["--cover", "reset"], "a cell is a fault and a state"), (["--jobs", "0"], "--jobs takes a number from 1"),
        (["--keep", "/dev/null/x"], "the folder cannot be made"),
        (["--until-covered", "--shard", "0/2"], "--shard goes with a range of seeds"),
    ])
    func whatCannotBeAskedForIsSaid(_ arguments: [String], _ text: String) throws {
        let result = try Self.sweep(arguments)
        #expect(result.ended(with: 2) && result.errors.contains(text), "\(result.errors)")
    }
}
