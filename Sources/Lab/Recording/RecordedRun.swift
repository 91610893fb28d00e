package import Workloads

/// A recording of either kind.
package enum RecordedRun: Sendable {
    /// Of a simulated run: it replays.
    case simulated(Recording)
    /// Of a run on a real network: what has happened.
    case real(RealRecording)

    /// Reads a recording from a file, or from standard input for `-`: at most 256 MiB.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - workloads: those that its lab may name.
    /// - Throws: ``LabDiagnostic`` where it cannot be read, and with the line that cannot be used.
    package init(path: String, workloads: WorkloadRegistry = .shipped) throws(LabDiagnostic) {
        self = try Whereabouts.reading(path, "recording", command: "replay") { () throws(LabDiagnostic) in
            let file = try InputFile(path, .recording)
            let lines: RecordingOpening.Lines = { () throws(LabDiagnostic) in try file.line() }
            let opening = try RecordingOpening(path, workloads: workloads, lines)
            return opening.header.format == RealRecorder.format
                ? .real(try RealRecording(opening, lines)) : .simulated(try Recording(opening, lines))
        }
    }

    /// What is odd about the file and does not keep it from being used.
    package var warnings: [String] {
        switch self {
        case .simulated(let recording): recording.warnings
        case .real(let recording): recording.warnings
        }
    }
}
