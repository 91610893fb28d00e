import ArgumentParser
import Foundation
import Lab

/// `peerlab sweep`: runs many seeds of a lab on all cores.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Run many seeds of a lab on all cores, and tell in which ways they fail.",
        discussion: """
            Failures are grouped by what failed, and within by their last causes. A seed that traps or hangs takes only \
            itself down. What a sweep says does not depend on how many processes it has, nor on how its seeds are shared \
            out: with --merge, the JSON of all shards is what one sweep would have said. Ends with 1 where a seed failed; \
            with --cover, where no seed reached the cell.

            Example: peerlab sweep half-open --seeds 1..1000 --keep found
            """)

    @Argument(help: ArgumentHelp("A lab; with --merge the JSON of each shard.", valueName: "lab"))
    var subjects: [String]
    @Option(
        parsing: .unconditional,
        help: "The seeds, as in 1..1000; with --until-covered or --cover without, up to a million.",
        transform: SeedRange.read)
    var seeds: SeedRange?
    @Option(parsing: .unconditional, help: "How many processes; as many as there are cores without.") var jobs: Int?
    @Option(
        help: ArgumentHelp(
            "Run a share of the seeds: 0/8 … 7/8 (1/8 … 8/8 are those too), or auto: the one that Slurm or Kubernetes says.",
            valueName: "I/N|auto"),
        transform: ShardArgument.read)
    var shard: ShardArgument?
    @Option(
        parsing: .unconditional, help: "Stop each run at a time of it, for example 10s.", transform: Units.readDuration)
    var until: Int64?
    @Flag(help: "Go on until no seed of 200 has met a fault in a new state.") var untilCovered = false
    @Option(
        help: ArgumentHelp(
            "Go on until a seed has met a fault in a state, as in 'partition × FIN-WAIT-1'.", valueName: "cell"))
    var cover: String?
    @Option(
        help: ArgumentHelp(
            "Keep the results, and a recording of each way to fail, in a folder.", valueName: "folder"))
    var keep: String?
    @Flag(help: "Go on with the sweep whose results are in the folder of --keep.") var resume = false
    @Option(
        parsing: .unconditional, help: "How long a seed may take, of real time.", transform: Units.readDuration)
    var limit: Int64 = 60_000_000_000
    @Flag(help: "Put the reports of all shards together.") var merge = false
    @Option(help: "The form of the result: text or json.") var format: Format = .text

    func validate() throws {
        if merge { return }
        guard subjects.count == 1 else { throw ValidationError("sweep takes one lab; several files go with --merge.") }
        if let jobs, !(1...1_024).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 1024.") }
        if resume, keep == nil { throw ValidationError("--resume goes with --keep: the results are there.") }
        if untilCovered, cover != nil {
            throw ValidationError("--until-covered and --cover both say when the sweep ends: give one.")
        }
        if untilCovered || cover != nil, shard != nil {
            throw ValidationError(
                "--shard goes with a range of seeds: when \(untilCovered ? "--until-covered" : "--cover") ends is known to a whole sweep alone."
            )
        }
        if limit < 1_000_000 { throw ValidationError("--limit takes a time from 1ms.") }
    }

    func run() throws {
        if merge { return try tell(merged(), looking: nil) }
        var files = FilesInUse()
        let lab = try LabArgument.load(subjects[0], &files)
        for warning in lab.warnings { Output.message(warning.description) }
        if let obstacle = ProviderKind.sim.obstacle(to: lab) {
            throw Failure(status: .unusable, message: "error: \(obstacle)")
        }
        let goal: SweepOrders.Goal = untilCovered ? .covered : cover == nil ? .allSeeds : .found
        let range = seeds?.range ?? (goal == .allSeeds ? 1...1_000 : 1...1_000_000)
        let plan = SweepPlan(lab: lab, seeds: range, shard: try shard?.shard(), goal: goal, keep: keep)
        try tell(try sweep(plan), looking: subjects[0] == "-" ? nil : ["peerlab", subjects[0]])
    }

    private func sweep(_ plan: SweepPlan) throws -> SweepReport {
        var wanted: CoverageGrid.Cell?
        do throws(SessionError) {
            wanted = try cover.map { text throws(SessionError) in try CoverageGrid(plan.lab).cell(named: text) }
        } catch {
            throw Failure(status: .unusable, message: "error: --cover: \(error)")
        }
        let tally = SweepTally(plan.lab, seeds: plan.seeds, until: until, shard: plan.shard, lookingFor: wanted)
        let known = try known(plan, tally)
        let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        let pool = WorkerPool(
            jobs: jobs, limit: .nanoseconds(limit),
            opening: SeedWork.line(SeedWork.Assignment(plan.lab, until: until, cell: wanted.map(tally.grid.name))))
        let orders = SweepOrders(plan, tally)
        do {
            try Workers.wait { try await orders.begin(knowing: known) }
        } catch let error as UnwritableFile {
            throw Failure(
                status: .unusable,
                message: "\(plan.logPath ?? ""): error: the results cannot be written: \(error.reason)")
        }
        let begin = ContinuousClock.now
        let interrupted = try Workers.run(pool, orders)
        let (ended, problems) = try Workers.wait { (await orders.tally, await orders.problems) }
        let killed = try Workers.wait { await orders.killed }
        if killed > 0 {
            Output.message("warning: \(NumberText.count(killed, "job")) killed from outside; what it ran was run again")
        }
        for problem in problems { Output.message("error: \(problem)") }
        let report = ended.report(
            seconds: begin.duration(to: .now) / .seconds(1), jobs: jobs, isInterrupted: interrupted)
        if !problems.isEmpty, !report.hasFailed {
            try show(report, looking: nil)
            throw ExitCode(ExitStatus.unusable.rawValue)
        }
        return report
    }

    /// What is known from a sweep that was ended, in the folder that is made where there is none.
    private func known(_ plan: SweepPlan, _ tally: SweepTally) throws -> [SeedResult] {
        guard let keep = plan.keep, let path = plan.logPath else { return [] }
        do {
            try FileManager.default.createDirectory(atPath: keep, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                status: .unusable, message: "\(keep): error: the folder cannot be made: \(error.localizedDescription)")
        }
        return resume ? try SweepLog.results(path, of: tally) : []
    }

    // MARK: What is told

    private func merged() throws -> SweepReport {
        var reports: [(String, SweepReport)] = []
        for path in subjects {
            let data = try Input.report(path)
            guard let report = SeedWork.read(SweepReport.self, data) else {
                throw Failure(
                    status: .unusable, message: "\(path): error: it is no report of a sweep (sweep --format json)")
            }
            reports.append((path, report))
        }
        do throws(SessionError) {
            return try SweepReport.merged(reports)
        } catch {
            throw Failure(status: .unusable, message: "error: \(error)")
        }
    }

    private func tell(_ report: SweepReport, looking command: [String]?) throws {
        try show(report, looking: command)
        if report.interrupted { throw ExitCode(ExitStatus.interrupted.rawValue) }
        let isGood = report.found.map { $0.seed != nil } ?? !report.hasFailed
        if !isGood { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private func show(_ report: SweepReport, looking command: [String]?) throws {
        Output.result(
            format == .json ? try JSONText(isPretty: true).string(report) : report.text(opening: command ?? []))
    }
}

/// The seeds of a sweep.
struct SeedRange {
    var range: ClosedRange<UInt64>

    /// Reads `1..1000`, or one seed.
    ///
    /// - Throws: ``SessionError`` that says what a range is.
    static func read(_ text: String) throws(SessionError) -> SeedRange {
        let parts = text.components(separatedBy: "..")
        guard parts.count <= 2 else {
            throw SessionError("a range of seeds is the first and the last, as in '1..1000'")
        }
        let ends = try parts.map { part throws(SessionError) in try Seed.read(part).value }
        guard let first = ends.first, let last = ends.last, first <= last else {
            throw SessionError("the first seed of a range is not behind the last")
        }
        return SeedRange(range: first...last)
    }
}

/// Which share of the seeds is run.
enum ShardArgument {
    case this(Shard)
    case given

    /// Reads one.
    ///
    /// - Throws: ``SessionError`` that says what one looks like.
    static func read(_ text: String) throws(SessionError) -> ShardArgument {
        text == "auto" ? .given : .this(try Shard.read(text))
    }

    /// The shard.
    ///
    /// - Throws: ``Failure`` where the environment says none.
    func shard() throws(Failure) -> Shard {
        if case .this(let shard) = self { return shard }
        guard let shard = Shard.given(by: ProcessInfo.processInfo.environment) else {
            throw Failure(
                status: .unusable,
                message:
                    "error: --shard auto: the environment says no shard (SLURM_ARRAY_TASK_ID and _COUNT, JOB_COMPLETION_INDEX and JOB_COMPLETIONS, or PARALLEL_SEQ and PARALLEL_JOBS)"
            )
        }
        return shard
    }
}
