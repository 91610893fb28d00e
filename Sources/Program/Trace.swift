import Bug
import Foundation
import Lab
import SimNetwork

/// Writes the events of a run, one JSON object a line: as they happen, or of a session that has kept them.
final class Trace: RunFollower {
    private let path: String
    private let file: OutputFile
    private let line = TraceLine()
    private var lines = Data()
    /// Why it is not whole.
    private var problem: UnwritableFile?

    /// Bytes that are written at once.
    private static let share = 1 << 20

    /// Begins a trace.
    ///
    /// - Throws: ``Failure`` where the file cannot be written.
    init(to path: String) throws {
        self.path = path
        var file: OutputFile?
        try Output.writing("the trace", to: path) { () throws(UnwritableFile) in file = try OutputFile(path) }
        guard let file else { bug("a trace without a file") }
        self.file = file
    }

    /// Takes in an event.
    func takes(_ record: EventRecord, _ names: Names) {
        // A full disk must not end the run; the command says so at its end.
        guard problem == nil else { return }
        lines.append(line.data(record, names))
        if lines.count > Self.share { flush() }
    }

    private func flush() {
        do throws(UnwritableFile) {
            try file.append(lines)
        } catch {
            problem = error
        }
        lines.removeAll(keepingCapacity: true)
    }

    /// Puts the trace in its place.
    ///
    /// - Throws: ``Failure`` where not all of it could be written.
    func finish() throws {
        flush()
        try Output.writing("the trace", to: path) { () throws(UnwritableFile) in
            if let problem { throw problem }
            try file.finish()
        }
    }

    /// Writes the trace of a session that has kept its past.
    ///
    /// - Throws: ``Failure`` where not all of it could be written.
    static func write(_ snapshot: Snapshot, to path: String) throws {
        let trace = try Trace(to: path)
        let names = Names(snapshot)
        for number in stride(from: 1, through: snapshot.event, by: 1) {
            trace.takes(snapshot.records[event: number], names)
        }
        try trace.finish()
    }
}
