import Foundation
import SimNetwork

/// Writes a recording as the run goes: JSON Lines, each line complete, so that a torn end costs the last line alone.
final class Recorder {
    /// The version of the recording's format.
    static let format = 1
    /// Rises when the same lab and seed give another digest.
    static let engine = 11
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

    func branch(after event: Int) {
        write(.branch(after: event))
    }

    /// Writes the footer: the recording ends.
    ///
    /// - Parameter time: the time to which the run has come, in nanoseconds.
    func finish(events: Int, digest: Digest, outcome: Outcome, isOver: Bool, time: Int64) {
        let footer = RecordingLine.footer(
            events: events, digest: digest.description, outcome: outcome, isOver: isOver, time: time)
        write(sum.closing(footer.encoded()))
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
