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
        public var digest: String { Digest(value: value).description }
        private let value: UInt64

        /// - Parameter digest: 16 hexadecimal digits.
        init(event: Int, digest: String) {
            self.event = event
            value = UInt64(digest, radix: 16) ?? 0
        }
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
    /// Whether its content is not what its footer's checksum is of: it was damaged or edited. A replay says so where it
    /// agrees with all the rest.
    public private(set) var isDamaged = false

    /// Reads a recording from its bytes.
    ///
    /// - Parameters:
    ///   - data: the file's bytes.
    ///   - name: the file's name, for messages.
    ///   - workloads: those that its lab may name.
    /// - Throws: ``LabDiagnostic`` with the line that cannot be used. A torn last line is a warning.
    public init(
        _ data: Data, name: String, workloads: WorkloadRegistry = .shipped
    ) throws(LabDiagnostic) {
        let lines = data.split(separator: 0x0A, omittingEmptySubsequences: false)
        var number = 0
        try self.init(name: name, workloads: workloads) { () throws(LabDiagnostic) in
            // A complete file ends with a line feed, behind which nothing stands.
            guard number < lines.count, number < lines.count - 1 || !lines[number].isEmpty else { return nil }
            number += 1
            return InputFile.Line(text: Data(lines[number - 1]), number: number, isEnded: number < lines.count)
        }
    }

    /// Reads a recording from a file, or from standard input for `-`: at most 256 MiB.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - workloads: those that its lab may name.
    /// - Throws: ``LabDiagnostic`` where it cannot be read, and with the line that cannot be used.
    public init(path: String, workloads: WorkloadRegistry = .shipped) throws(LabDiagnostic) {
        self = try Whereabouts.reading(path, "recording", command: "replay") { () throws(LabDiagnostic) in
            let file = try InputFile(path, .recording)
            return try Recording(name: path, workloads: workloads) { () throws(LabDiagnostic) in try file.line() }
        }
    }

    private init(
        name: String, workloads: WorkloadRegistry, lines: () throws(LabDiagnostic) -> InputFile.Line?
    ) throws(LabDiagnostic) {
        func diagnostic(_ line: Int, _ message: String) -> LabDiagnostic {
            LabDiagnostic(file: name, line: line, message: message)
        }
        guard let first = try lines(), !first.text.isEmpty else { throw diagnostic(1, "the recording is empty") }
        guard let parsed = RecordingLine(first.text), case .header(let header) = parsed else {
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
        guard lab.name == header.lab else {
            throw diagnostic(1, "the header names the lab \(quoted(header.lab)), its text \(quoted(lab.name))")
        }
        guard header.sum == nil || header.sum == ContentSum.name else {
            throw diagnostic(
                1, "a checksum of the kind \(quoted(header.sum ?? "")); this peerlab knows \(ContentSum.name)")
        }
        seed = header.seed
        engine = header.engine
        interventions = []
        checkpoints = []
        warnings = []
        let syntax = ActionSyntax(lab: lab)
        var sum = ContentSum()
        var before = first
        while let text = try lines() {
            sum.mix(before.text)
            sum.mix(Data([0x0A]))
            before = text
            guard let line = RecordingLine(text.text) else {
                guard !text.isEnded, RecordingLine.isTorn(text.text) else {
                    throw diagnostic(text.number, "not a line of a recording")
                }
                warnings.append("\(name):\(text.number): the last line is torn; the recording is used up to it")
                break
            }
            do {
                try take(line, syntax)
            } catch {
                throw diagnostic(text.number, error.description)
            }
        }
        if events == nil {
            warnings.append("\(name): no footer: the run did not end in order")
        } else if header.sum != nil {
            isDamaged = !sum.closes(before.text)
        } else {
            warnings.append("\(name): recorded without a checksum: damage may go unseen")
        }
        if engine != Recorder.engine {
            warnings.append("\(name): recorded by engine \(engine), replayed by engine \(Recorder.engine)")
        }
    }

    private mutating func take(_ line: RecordingLine, _ syntax: ActionSyntax) throws(SessionError) {
        guard events == nil else { throw SessionError("a line behind the footer") }
        let latest = checkpoints.last?.event ?? 0
        switch line {
        case .header:
            throw SessionError("a second header")
        case .intervention(let event, let time, let action):
            guard event > (interventions.last?.event ?? 0) else {
                throw SessionError("an intervention at event \(event), after one at \(interventions.last?.event ?? 0)")
            }
            guard event > latest else {
                throw SessionError("an intervention at event \(event), after a checkpoint at \(latest)")
            }
            interventions.append(Intervention(time: time, event: event, action: try syntax.action(action)))
        case .checkpoint(let event, let digest):
            guard event >= latest else { throw SessionError("a checkpoint at event \(event), after one at \(latest)") }
            checkpoints.append(Checkpoint(event: event, digest: digest))
        case .branch(let event):
            interventions.removeAll { $0.event > event }
            checkpoints.removeAll { $0.event > event }
        case .footer(let events, let digest, let outcome, let isOver, let time):
            guard events >= latest else {
                throw SessionError("an end at event \(events), after a checkpoint at \(latest)")
            }
            self.isOver = isOver
            self.time = time
            self.events = events
            self.outcome = outcome
            checkpoints.append(Checkpoint(event: events, digest: digest))
        }
    }
}
