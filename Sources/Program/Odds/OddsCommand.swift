import ArgumentParser
import Foundation
import Lab

/// `peerlab odds`: how probable a failure was, from moment to moment.
struct OddsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "odds",
        abstract: "Say how probable a run's failure was, from moment to moment.",
        discussion: """
            From each of some moments of a failing run many futures are run: the same past, and what is drawn behind it \
            by another seed. Where the probability jumps, the failure became likely; where it reaches 100 %, it could no \
            longer be avoided. Each future costs the run once more. Ends with 2 where the run does not fail.

            Example: peerlab odds failing.peerlab --futures 200
            """)

    @Argument(
        help: ArgumentHelp(
            "A recording, one with the name of a timeline (FILE:NAME), or a lab with a seed (LAB@SEED).",
            valueName: "run"))
    var subject: String
    @Option(parsing: .unconditional, help: "How many futures each moment has.") var futures = 100
    @Option(parsing: .unconditional, help: "From how many moments, at most.") var moments = 20
    @Option(parsing: .unconditional, help: "How many processes; as many as there are cores without.") var jobs: Int?
    @Option(help: "The form of the result: text or json.") var format: Format = .text

    func validate() throws {
        if !(1...100_000).contains(futures) { throw ValidationError("--futures takes a number from 1 to 100000.") }
        if !(2...1_000).contains(moments) { throw ValidationError("--moments takes a number from 2 to 1000.") }
        if let jobs, !(1...1_024).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 1024.") }
    }

    /// How long a future may take.
    private static let limit = Duration.seconds(60)

    func run() throws {
        var files = FilesInUse()
        let source = try RunSource(subject, seed: nil, &files)
        let session = try source.session(memory: .standard)
        defer { session.close() }
        let snapshot = session.snapshot
        guard let failure = session.firstFailure else {
            throw Failure(
                status: .unusable, message: "\(subject): error: the run does not fail: there is nothing to ask for")
        }
        let pool = WorkerPool(
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, limit: Self.limit,
            opening: SeedWork.line(
                SeedWork.Assignment(
                    source.lab, until: max(snapshot.reached, failure.time),
                    past: SeedWork.Past(snapshot, failedBy: failure.signature))))
        let orders = OddsOrders(
            OddsPlan(last: max(1, failure.event), moments: moments, futures: futures), seed: source.seed)
        try Workers.wait { await orders.begin() }
        let interrupted = try Workers.run(pool, orders)
        if interrupted { throw Failure(status: .interrupted, message: "interrupted: nothing is known yet") }
        let (plan, problem) = try Workers.wait { (await orders.plan, await orders.problem) }
        if let problem { throw Failure(status: .failed, message: "error: \(problem)") }
        let report = OddsReport(plan, of: failure, in: snapshot)
        Output.result(
            format == .json ? try JSONText(isPretty: true).string(report) : report.text(look: look(source)))
    }

    /// The command that opens the screen at an event, up to its number.
    private func look(_ source: RunSource) -> String {
        let words =
            switch source {
            case .lab(_, let seed):
                [
                    "peerlab", subject.split(separator: "@").first.map(String.init) ?? subject, "--seed", "\(seed)",
                    "--at",
                ]
            case .recording(_, let path, let timeline):
                ["peerlab", "replay", path] + (timeline.map { ["--timeline", $0] } ?? []) + ["--open", "--at"]
            }
        return words.map(ShellWord.quoted).joined(separator: " ") + " "
    }
}
