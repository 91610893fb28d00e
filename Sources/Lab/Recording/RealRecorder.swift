import Foundation
import SimNetwork

/// Writes a recording of a run on a real network as it goes: what has happened, for it cannot be done again.
///
/// JSON Lines, each complete, so that a torn end costs the last line alone.
final class RealRecorder {
    /// The version of the format: those that replay have another.
    static let format = 2
    /// Bytes of records in a line, at most, but for a record that is larger alone.
    private static let share = 256 << 10
    /// Bytes of one record, at most: as base64 it is to fit into a line that is read.
    private static let mostBytes = 700 << 10

    /// What kept the recording from being written, once something did.
    private(set) var problem: String?

    private let file: GrowingFile
    private let path: String
    private let syntax: ActionSyntax
    /// Of all that was written.
    private var sum = ContentSum()
    /// The next event that is written; 0 is what was arranged before the first.
    private var next = 0

    /// Begins a recording.
    ///
    /// - Throws: ``SessionError`` where the file cannot be written, or another recording is written to it.
    init(path: String, lab: LabDefinition, seed: UInt64, on network: ProviderKind) throws(SessionError) {
        let header = RecordingLine.header(
            RecordingLine.Header(
                format: Self.format, engine: Recorder.engine, lab: lab.name, seed: seed, source: lab.source,
                sum: ContentSum.name, network: network.rawValue)
        ).encoded()
        do throws(UnwritableFile) {
            file = try GrowingFile(path, first: header)
        } catch {
            throw SessionError("cannot write the recording \(path): \(error.reason)")
        }
        sum.mix(header)
        self.path = path
        syntax = ActionSyntax(lab: lab)
    }

    /// Writes what has happened since.
    func follow(_ records: RecordLog) {
        while next <= records.count, problem == nil {
            var (last, size) = (next, records.size(ofRecorded: next))
            while last < records.count, last > 0 || next > 0, size + records.size(ofRecorded: last + 1) <= Self.share {
                last += 1
                size += records.size(ofRecorded: last)
            }
            guard size <= Self.mostBytes else {
                problem = "the recording \(path) ends before event \(next), which is too large for it"
                return
            }
            write(.events(first: next, count: last - next + 1, Data(records.recorded(next...last))))
            next = last + 1
        }
    }

    /// Writes what was done by hand.
    func intervention(_ intervention: Intervention) {
        write(
            .intervention(
                event: intervention.event, time: intervention.time, action: syntax.text(of: intervention.action)))
    }

    /// Writes the footer: the recording ends.
    func finish(_ end: RecordingLine.RealEnd) { write(sum.closing(RecordingLine.realEnd(end).encoded())) }

    private func write(_ line: RecordingLine) { write(line.encoded()) }

    private func write(_ line: Data) {
        // A full disk must not end the run that is being watched.
        guard problem == nil else { return }
        do throws(UnwritableFile) {
            try file.append(line)
            sum.mix(line)
        } catch {
            problem = "the recording \(path) could not be written to its end: \(error.reason)"
        }
    }
}
