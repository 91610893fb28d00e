import ArgumentParser
import Drill
import Foundation
import Lab
import LabViews
import LinuxNetwork
import Terminal

/// `peerlab drill`: runs packetdrill scripts.
struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Run packetdrill scripts against the simulated TCP, the kernel's, or both.",
        discussion: """
            A script says what an application calls, what comes over the wire, and what the stack must send, and when. \
            On sim time is virtual and exact; on linux the kernel of this machine runs in a network namespace of its own, \
            behind a device of its own. On both the first thing that the two do differently is told, too. Ends with 1 where a script \
            fails, with 2 where one cannot be read.

            Example: peerlab drill handshake.pkt --on both
            """)

    /// Which stack is under test.
    enum Side: String, CaseIterable, ExpressibleByArgument {
        case sim, linux, both

        var stacks: [String] { self == .both ? ["sim", "linux"] : [rawValue] }
    }

    @Argument(help: "The scripts.") var files: [String]
    @Option(help: "The stack under test: sim, linux or both.") var on: Side = .sim
    @Option(help: "The form of the results: text or json.") var format: Format = .text
    @Flag(help: "Open the script on the screen, and step through what has come of it on each stack.") var open = false
    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        if open, files.count != 1 { throw ValidationError("--open takes one script.") }
        if open, format == .json { throw ValidationError("--open has no results to write: leave --format out.") }
        if !screen.breakpoints.isEmpty { throw ValidationError("--break is of labs: a script has no conditions.") }
    }

    /// Opens a script on the screen.
    private func open(_ script: Script, text: String) throws {
        // A kernel's clock cannot be stopped: it has gone through all of it before the screen opens.
        let runs = on.stacks.map { DrillApp.Run($0, Self.steps(script, on: $0)) }
        guard ScreenRun.hasTerminal else {
            throw Failure(
                status: .unusable, message: "error: the screen needs a terminal; without one leave --open out")
        }
        try ScreenRun.withTerminal(screen) { terminal in
            let app = DrillApp(script, text: text, runs: runs)
            switch app.run(on: terminal) {
            case .quit: if app.hasFailed { throw ExitCode(ExitStatus.failed.rawValue) }
            case .interrupted: throw ExitCode(ExitStatus.interrupted.rawValue)
            case .terminated: terminal.endBySignal()
            }
        }
    }

    private static func steps(_ script: Script, on stack: String) -> DrillSteps {
        stack == "sim" ? DrillSteps.simulated(script) : KernelDrill.steps(script)
    }

    func run() throws {
        var differences: [DrillReport.Difference] = []
        var results: [DrillResult] = []
        var isUsable = true
        for file in files {
            let (script, text): (Script, String)
            do {
                text = try Input.script(file)
                script = try ScriptReader.read(text, name: file) { beside in
                    // A file of settings beside the script.
                    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
                    return try? Input.script("\(folder.path)/\(beside)")
                }
            } catch let diagnostic as LabDiagnostic {
                Output.message(diagnostic.description)
                isUsable = false
                continue
            } catch let problem as ScriptProblem {
                if problem.isUnsupported {
                    let unsupported = on.stacks.map {
                        DrillResult(file: file, on: $0, .unsupported(line: problem.line, why: problem.message))
                    }
                    results += unsupported
                    if format == .text { for result in unsupported { Output.result(result.text) } }
                } else {
                    Output.message("\(file):\(problem.line):\(problem.column): error: \(problem.message)")
                    isUsable = false
                }
                continue
            }
            if open { return try open(script, text: text) }
            let runs = on.stacks.map { Self.steps(script, on: $0) }
            for (stack, steps) in zip(on.stacks, runs) {
                results.append(DrillResult(file: file, on: stack, steps.verdict, late: steps.late))
                // A kernel takes the time that a script takes: what is known is told at once.
                if format == .text, let told = results.last?.text { Output.result(told) }
            }
            if runs.count == 2, let found = DrillDifference.between(runs[0], runs[1]) {
                differences.append(DrillReport.Difference(file: file, found))
                if format == .text, let told = differences.last?.text { Output.result(told) }
            }
        }
        let report = DrillReport(results, differences)
        if !results.isEmpty { Output.result(try format == .json ? JSONText().string(report) : report.sum) }
        if !isUsable { throw ExitCode(ExitStatus.unusable.rawValue) }
        if report.failed > 0 { throw ExitCode(ExitStatus.failed.rawValue) }
    }
}

/// What came of a script on a stack.
private struct DrillResult: Encodable {
    let file: String
    let on: String
    let verdict: String
    let line: Int?
    let expected: String?
    let seen: String?
    let late_us: Int64?

    init(file: String, on stack: String, _ verdict: Verdict, late: Int64? = nil) {
        (self.file, on, self.verdict) = (file, stack, verdict.word)
        late_us = late.map { $0 / 1_000 }
        switch verdict {
        case .holds: (line, expected, seen) = (nil, nil, nil)
        case .fails(let place, let wanted, let found): (line, expected, seen) = (place, wanted, found)
        case .unsupported(let place, let why): (line, expected, seen) = (place, nil, why)
        case .notJudged(let why): (line, expected, seen) = (nil, nil, why)
        }
    }

    var text: String {
        let place = line.map { "\(file):\($0)" } ?? file
        let told = [expected.map { "expected \($0)" }, seen.map { expected == nil ? $0 : "seen \($0)" }].compactMap(
            \.self)
        return "\(on.filled(to: 7))\(verdict.filled(to: 12))\(place)"
            + (told.isEmpty ? "" : ": " + told.joined(separator: "; "))
    }
}

/// What came of all of them.
private struct DrillReport: Encodable {
    let scripts: [DrillResult]
    let held: Int
    let failed: Int
    let unsupported: Int
    /// Of a run on both: what they do differently first.
    let differences: [Difference]?

    /// What two stacks do differently first under a script.
    struct Difference: Encodable {
        let file: String
        let line: Int
        let sim: String
        let linux: String

        init(file: String, _ difference: DrillDifference) {
            (self.file, line, sim, linux) = (file, difference.line, difference.first, difference.second)
        }

        var text: String { "\("differ".filled(to: 19))\(file):\(line): sim \(sim); linux \(linux)" }
    }

    init(_ results: [DrillResult], _ differences: [Difference]) {
        self.differences = differences.isEmpty ? nil : differences
        func count(_ word: String) -> Int { results.count { $0.verdict == word } }
        (scripts, held, failed, unsupported) = (results, count("holds"), count("fails"), count("unsupported"))
    }

    /// How many came to what.
    var sum: String {
        let others = scripts.count - held - failed - unsupported
        return "\(held) held, \(failed) failed, \(unsupported) unsupported"
            + (others > 0 ? ", \(others) not judged" : "")
    }
}
