import ArgumentParser

/// `peerlab-bench`: measures PeerLab, and the yardsticks that its figures are held against.
@main
struct PeerLabBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerlab-bench",
        abstract: "Measure PeerLab beside the yardsticks that are measurable anywhere.",
        usage: "peerlab-bench [--only <name> ...] [--format <format>] [--runs <runs>] [--order <order>]",
        discussion: """
            Each row is the median of at least 5 runs; the runs of all rows are made in random order, each in a process \
            of its own and, where a second run may be faster, after one that is thrown away. Nothing is asserted: the aims stand in the design.

            SimPy is measured when PEERLAB_SIMPY_PYTHON names a Python interpreter that has it; `make bench` sees to \
            that. A ratio to `simpy` or `floor` is the row's rate over that of simpy_round_trips or heap_floor_events, \
            which are measured for it even where --only leaves them out.

            ns-3 is measured when PEERLAB_NS3_PROGRAM names the program that `make bench` compiles against it where it \
            is installed or can be; elsewhere its rows say that they were not measured.
            """,
        subcommands: [
            Measurement.self, DigestsProbe.self, EnduranceProbe.self, PeerMessagesProbe.self, WireProbe.self,
        ])

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Measure these rows alone.", valueName: "name"))
    var only: [String] = []

    @Option(name: .long, help: "text or json.")
    var format = Report.Format.text

    @Option(name: .long, help: "Runs of each row, 5 or more.")
    var runs = 5

    @Option(name: .long, help: "The seed of the order of the runs; drawn when not given, and printed.")
    var order: UInt64?

    func validate() throws {
        guard runs >= 5 else { throw ValidationError("--runs must be 5 or more, not \(runs)") }
        for name in only where !Benchmark.all.contains(where: { $0.name == name }) {
            let known = Benchmark.all.map(\.name).joined(separator: ", ")
            throw ValidationError("there is no row '\(name)'; the rows are \(known)")
        }
    }

    func run() throws {
        let seed = order ?? UInt64.random(in: 0...UInt64(UInt32.max))
        let report = Runner(rows: Benchmark.all, only: only, runs: runs, seed: seed).report()
        print(try report.rendered(as: format))
    }
}
