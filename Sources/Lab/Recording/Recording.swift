public import Foundation
import SimNetwork
public import Workloads

/// A recording: a lab's text, a seed, interventions, and digests to check a replay against.
public struct Recording: Sendable {
    /// A digest at an event.
    public struct Checkpoint: Hashable, Sendable {
        /// The event's number.
        public var event: Int
        /// The digest after it, as 16 hexadecimal digits.
        public var digest: String
    }

    /// The lab.
    public var lab: LabDefinition
    /// The seed.
    public var seed: UInt64
    /// The version of the engine that wrote it.
    public var engine: Int
    /// What was done, in order.
    public var interventions: [Intervention]
    /// Digests, in order.
    public var checkpoints: [Checkpoint]
    /// How many events the run had, where it ended in order.
    public var events: Int?
    /// How the run ended, where it did in order.
    public var outcome: Outcome?
    /// Whether the run had come to the lab's own end.
    public var isOver = false
    /// The time to which the run had come, in nanoseconds; nil where it did not end in order.
    public var time: Int64?
    /// What is odd about the file and does not keep it from being used.
    public var warnings: [String]

    /// Reads a recording.
    ///
    /// - Parameters:
    ///   - data: the file's bytes.
    ///   - name: the file's name, for messages.
    ///   - workloads: those that its lab may name.
    /// - Throws: ``LabDiagnostic`` with the line that cannot be used. A torn last line is a warning.
    public init(
        _ data: Data, name: String, workloads: WorkloadRegistry = .shipped
    ) throws(LabDiagnostic) {
        func diagnostic(_ line: Int, _ message: String) -> LabDiagnostic {
            LabDiagnostic(file: name, line: line, message: message)
        }
        var lines = data.split(separator: 0x0A, omittingEmptySubsequences: false).map { Data($0) }
        // A complete file ends with a line feed, behind which nothing stands.
        let isTorn = lines.last.map { !$0.isEmpty } ?? false
        if let last = lines.last, last.isEmpty { lines.removeLast() }
        guard let first = lines.first, !first.isEmpty else { throw diagnostic(1, "the recording is empty") }
        guard let parsed = RecordingLine(first), case .header(let header) = parsed else {
            throw diagnostic(1, "no header: this is not a recording of peerlab (each line is a JSON object)")
        }
        guard header.format == Recorder.format else {
            throw diagnostic(
                1, "format version \(header.format); this peerlab reads version \(Recorder.format)")
        }
        do {
            lab = try LabFile.read(text: header.source, name: header.lab, workloads: workloads)
        } catch {
            throw diagnostic(1, "the lab in the header cannot be used: \(error.all.first?.description ?? "")")
        }
        seed = header.seed
        engine = header.engine
        interventions = []
        checkpoints = []
        warnings = []
        let syntax = ActionSyntax(lab: lab)
        for (index, text) in lines.enumerated().dropFirst() {
            let isLast = index == lines.count - 1
            guard let line = RecordingLine(text) else {
                guard isLast, isTorn else { throw diagnostic(index + 1, "not a line of a recording") }
                warnings.append("\(name):\(index + 1): the last line is torn; the recording is used up to it")
                break
            }
            do {
                try take(line, syntax)
            } catch {
                throw diagnostic(index + 1, error.description)
            }
        }
        if events == nil { warnings.append("\(name): no footer: the run did not end in order") }
        if engine != Recorder.engine {
            warnings.append("\(name): recorded by engine \(engine), replayed by engine \(Recorder.engine)")
        }
    }

    private mutating func take(_ line: RecordingLine, _ syntax: ActionSyntax) throws(SessionError) {
        switch line {
        case .header:
            throw SessionError("a second header")
        case .intervention(let event, let time, let action):
            guard event > (interventions.last?.event ?? 0) else {
                throw SessionError("an intervention at event \(event), after one at \(interventions.last?.event ?? 0)")
            }
            interventions.append(Intervention(time: time, event: event, action: try syntax.action(action)))
        case .checkpoint(let event, let digest):
            checkpoints.append(Checkpoint(event: event, digest: digest))
        case .branch(let event):
            interventions.removeAll { $0.event > event }
            checkpoints.removeAll { $0.event > event }
        case .footer(let events, let digest, let outcome, let isOver, let time):
            self.isOver = isOver
            self.time = time
            self.events = events
            self.outcome = Outcome(rawValue: outcome)
            checkpoints.append(Checkpoint(event: events, digest: digest))
        }
    }
}
