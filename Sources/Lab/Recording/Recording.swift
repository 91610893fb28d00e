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
    /// Its timelines.
    private(set) var timelines = RecordedTimelines()
    /// Whether the recording has its footer: the run ended in order.
    private(set) var hasEnd = false
    /// The names of its timelines, each behind the one that it left.
    public var timelineNames: [String] { timelines.lineage.inOrder.map(\.member.name) }
    /// The timeline that was current at its end.
    public var currentTimeline: String { timelines.lineage[timelines.current].name }
    /// What was done on the timeline that was current at its end, from the run's beginning, in order.
    public var interventions: [Intervention] { timelines.whole(timelines.current).interventions }

    /// How many digests it has.
    ///
    /// - Parameter name: a timeline, of which those from the run's beginning are counted; nil for all of them.
    public func checkpointCount(_ name: String?) -> Int {
        if let name, let id = try? timelines.lineage.named(name) { return timelines.whole(id).checkpoints.count }
        return timelines.lineage.members.reduce(0) { $0 + timelines[$1.id].checkpoints.count }
    }

    /// Whether a replay of it is judged by anything that happened: one that was cut off soon has the seed's digest at most.
    ///
    /// - Parameter name: the timeline that is replayed; nil for all of them.
    public func checksEvents(of name: String?) -> Bool {
        if hasEnd { return true }
        let ids = name.flatMap { try? timelines.lineage.named($0) }.map { [$0] } ?? timelines.lineage.members.map(\.id)
        return ids.contains { timelines.whole($0).checkpoints.contains { $0.event > 0 } }
    }

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
        let pieces = data.split(separator: 0x0A, omittingEmptySubsequences: false)
        var number = 0
        let lines = { () throws(LabDiagnostic) -> InputFile.Line? in
            // A complete file ends with a line feed, behind which nothing stands.
            guard number < pieces.count, number < pieces.count - 1 || !pieces[number].isEmpty else { return nil }
            number += 1
            return InputFile.Line(text: Data(pieces[number - 1]), number: number, isEnded: number < pieces.count)
        }
        try self.init(try RecordingOpening(name, workloads: workloads, lines), lines)
    }

    /// Reads a recording from a file, or from standard input for `-`: at most 256 MiB.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - workloads: those that its lab may name.
    /// - Throws: ``LabDiagnostic`` where it cannot be read, is of a run on a real network, and with the line that cannot be used.
    public init(path: String, workloads: WorkloadRegistry = .shipped) throws(LabDiagnostic) {
        switch try RecordedRun(path: path, workloads: workloads) {
        case .simulated(let recording): self = recording
        case .real(let recording): throw recording.replayDiagnostic(path)
        }
    }

    /// Reads the lines behind the header.
    init(_ opening: RecordingOpening, _ lines: RecordingOpening.Lines) throws(LabDiagnostic) {
        let (name, header) = (opening.name, opening.header)
        guard header.format == Recorder.format else {
            throw opening.diagnostic("it is of a run on \(header.network ?? "a real network"), which does not replay")
        }
        (lab, seed, engine) = (opening.lab, header.seed, header.engine)
        warnings = []
        let syntax = ActionSyntax(lab: lab)
        var isWhole = false
        warnings = try opening.read(lines) { (line, text, sum) throws(SessionError) in
            try take(line, syntax)
            if hasEnd { isWhole = sum.closes(text) }
        }
        if !hasEnd {
            warnings.append("\(name): no footer: the run did not end in order")
        } else if header.sum != nil {
            isDamaged = !isWhole
        } else {
            warnings.append("\(name): recorded without a checksum: damage may go unseen")
        }
        if engine != Recorder.engine {
            warnings.append("\(name): recorded by engine \(engine), replayed by engine \(Recorder.engine)")
        }
    }

    private mutating func take(_ line: RecordingLine, _ syntax: ActionSyntax) throws(SessionError) {
        guard !hasEnd else { throw SessionError("a line behind the footer") }
        switch line {
        case .header:
            throw SessionError("a second header")
        case .intervention(let event, let time, let action):
            try timelines.add(Intervention(time: time, event: event, action: try syntax.action(action)))
        case .checkpoint(let event, let digest):
            try timelines.add(Checkpoint(event: event, digest: digest))
        case .branch(let event, let name, let parent): try timelines.branch(after: event, named: name, leaving: parent)
        case .timeline(let name): try timelines.go(to: name)
        case .rename(let name, let new): try timelines.rename(name, to: new)
        case .forget(let name): try timelines.forget(name)
        case .end(let name, let footer):
            try timelines.end(name, footer)
        case .footer(let footer):
            try timelines.end(nil, footer)
            hasEnd = true
        case .events, .realEnd:
            throw SessionError("a line of a recording of what happened on a real network, in one that replays")
        }
    }

    /// The same with one timeline alone.
    ///
    /// - Throws: ``SessionError`` with the name that was perhaps meant.
    package func alone(_ name: String) throws(SessionError) -> Recording {
        var recording = self
        recording.timelines = timelines.alone(try timelines.lineage.named(name))
        return recording
    }
}
