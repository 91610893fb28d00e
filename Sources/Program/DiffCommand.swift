import ArgumentParser
import Lab

/// `peerlab diff`: says where two runs first differ, and what follows.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say where two recordings, seeds or timelines first differ, and what follows from it.",
        discussion: """
            The first draw that fell otherwise, the first event that is another, and what becomes of each peer and each \
            connection. Events that are told in the same words are the same. Ends with 1 where the two differ.

            Example: peerlab diff half-open@7 half-open@8
            """)

    @Argument(
        help: ArgumentHelp(
            "A recording, one with the name of a timeline (FILE:NAME), or a lab with a seed (LAB@SEED).", valueName: "a"
        ))
    var left: String
    @Argument(help: ArgumentHelp("The other.", valueName: "b")) var right: String
    @Flag(help: "Open both side by side on the screen.") var open = false
    @Option(help: "The form of the result: text or json.") var format: Format = .text
    @OptionGroup var screen: ScreenOptions

    func run() throws {
        var files = FilesInUse()
        let sources = [try RunSource(left, seed: nil, &files), try RunSource(right, seed: nil, &files)]
        if sources[0].lab.source != sources[1].lab.source {
            Output.message("warning: the two are of different labs: what has the same name is taken for the same")
        }
        let (one, other) = (try sources[0].session(memory: .standard), try sources[1].session(memory: .standard))
        if open { return try show(one, other, files) }
        defer {
            one.close()
            other.close()
        }
        var (first, second) = (one.snapshot, other.snapshot)
        (first.timeline, second.timeline) = (left, right)
        let difference = RunDifference(first, second)
        Output.result(
            format == .json ? try JSONText(isPretty: true).string(difference.report) : difference.text)
        if !difference.isSame { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private func show(_ one: SimSession, _ other: SimSession, _ files: FilesInUse) throws {
        var held: (any LabSession)? = one
        defer {
            Leaving.leave(&held)
            other.close()
        }
        _ = try one.seek(to: .event(0))
        _ = try other.seek(to: .event(0))
        try ScreenRun.open(one, second: other, named: nil, files: files, options: screen)
    }
}
