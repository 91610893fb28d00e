import ArgumentParser

/// Takes one measurement of a row and prints it: the program starts itself with this command for each.
///
/// In one process, what ran before would decide what memory a run gets, and whether malloc takes locks: a row of many
/// connections ran up to a fifth slower after others than by itself. (JMH forks for the same reason.)
struct Measurement: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "measure", shouldDisplay: false)

    @Argument(help: "The row.") var row: String

    private static let failure = "not measured: "

    func run() throws {
        guard let row = Benchmark.all.first(where: { $0.name == row }) else {
            throw ValidationError("there is no row '\(row)'")
        }
        do {
            if row.warmsUp { _ = try row.measure() }
            print(try row.measure())
        } catch {
            print(Self.failure + ((error as? NotMeasured)?.reason ?? "\(error)"))
        }
    }

    /// The value of a row, measured in a process of its own.
    static func taken(of row: Benchmark) throws -> Double {
        let text = try Child.output(of: [Child.executable, "measure", row.name])
        let lines = text.split(whereSeparator: \.isNewline)
        if let value = lines.last.flatMap({ Double($0) }) { return value }
        guard let reason = lines.last(where: { $0.hasPrefix(failure) }) else {
            throw NotMeasured("\(row.name) printed no figure")
        }
        throw NotMeasured(String(reason.dropFirst(failure.count)))
    }
}
