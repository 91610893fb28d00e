import Foundation
import SimNetwork

/// Writes a recording as the run goes: JSON Lines, each line complete, so that a torn end costs the last line alone.
final class Recorder {
    /// The version of the recording's format.
    static let format = 1
    /// Rises when the same lab and seed give another digest.
    static let engine = 18
    /// Events between two checkpoints, at most.
    static let interval = 10_000

    /// What kept the recording from being written, once something did.
    private(set) var problem: String?

    private let file: GrowingFile
    /// What is written should the process end in the middle of an event.
    private let lastLine: LastLine
    /// Of all that was written.
    private var sum = ContentSum()
    private let path: String
    private let syntax: ActionSyntax
    private var nextCheckpoint = Recorder.interval
    private var lastWall = ContinuousClock.now

    init(path: String, lab: LabDefinition, seed: UInt64) throws(SessionError) {
        let header = RecordingLine.header(
            RecordingLine.Header(
                format: Self.format, engine: Self.engine, lab: lab.name, seed: seed, source: lab.source,
                sum: ContentSum.name)
        ).encoded()
        sum.mix(header)
        do throws(UnwritableFile) {
            file = try GrowingFile(path, first: header)
        } catch {
            throw SessionError("cannot write the recording \(path): \(error.reason)")
        }
        lastLine = LastLine(of: file, path)
        self.path = path
        syntax = ActionSyntax(lab: lab)
    }

    func event(_ number: Int, digest: Digest) {
        lastLine.reached(number, digest)
        // The clock is looked at now and then; a checkpoint's place has no effect on the run.
        guard number >= nextCheckpoint || (number % 256 == 0 && lastWall.duration(to: .now) >= .seconds(1)) else {
            return
        }
        checkpoint(number, digest: digest)
    }

    func checkpoint(_ event: Int, digest: Digest) {
        nextCheckpoint = event + Self.interval
        lastWall = .now
        write(.checkpoint(event: event, digest: digest.description))
        lastLine.reached(event, digest, isWritten: true)
    }

    func intervention(_ intervention: Intervention, digest: Digest?) {
        write(
            .intervention(
                event: intervention.event, time: intervention.time, action: syntax.text(of: intervention.action)))
        if let digest { checkpoint(intervention.event, digest: digest) }
    }

    /// What follows belongs to a new timeline.
    ///
    /// - Parameters:
    ///   - name: what it is called.
    ///   - parent: the one that it leaves.
    ///   - event: the last that the two share.
    ///   - digest: that of the records up to it, for a checkpoint; nil for none.
    func branch(_ name: String, leaving parent: String, after event: Int, _ digest: Digest?) {
        write(.branch(after: event, name: name, parent: parent))
        if let digest { checkpoint(event, digest: digest) }
    }

    /// What follows belongs to a timeline that was left before, with so many events.
    func go(to name: String, _ events: Int, _ digest: Digest) {
        write(.timeline(name))
        checkpoint(events, digest: digest)
    }

    /// A timeline is called otherwise from now on.
    func rename(_ name: String, to new: String) { write(.rename(name, to: new)) }

    /// A timeline is forgotten.
    func forget(_ name: String) { write(.forget(name)) }

    /// Writes the footer: the recording ends.
    ///
    /// - Parameter others: the timelines beside the current one.
    func finish(_ footer: RecordingLine.Footer, others: [(name: String, footer: RecordingLine.Footer)]) {
        for other in others { write(.end(of: other.name, other.footer)) }
        write(sum.closing(RecordingLine.footer(footer).encoded()))
        lastLine.end()
    }

    private func write(_ line: RecordingLine) { write(line.encoded()) }

    private func write(_ line: Data) {
        // A full disk must not end the run that is being watched. What is on disk by then replays; nothing is written
        // behind a gap.
        guard problem == nil else { return }
        lastLine.isBeingWritten(true)
        defer { lastLine.isBeingWritten(false) }
        do throws(UnwritableFile) {
            try file.append(line)
            sum.mix(line)
        } catch {
            lastLine.end()
            problem = "the recording \(path) could not be written to its end: \(error.reason)"
        }
    }
}
