import Foundation
import Workloads

/// How a recording begins, of whichever kind: its header, and the lab in it.
struct RecordingOpening {
    /// Gives the lines of a file, one after the other; nil behind the last.
    typealias Lines = () throws(LabDiagnostic) -> InputFile.Line?

    /// The file's name, for messages.
    let name: String
    let header: RecordingLine.Header
    let lab: LabDefinition
    private let text: Data

    /// Reads the first line.
    ///
    /// - Throws: ``LabDiagnostic`` where it is no recording, or none that this program reads.
    init(_ name: String, workloads: WorkloadRegistry, _ lines: Lines) throws(LabDiagnostic) {
        func diagnostic(_ message: String) -> LabDiagnostic { LabDiagnostic(file: name, line: 1, message: message) }
        guard let first = try lines(), !first.text.isEmpty else { throw diagnostic("the recording is empty") }
        guard let parsed = RecordingLine(first.text), case .header(let header) = parsed else {
            throw diagnostic("no header: this is not a recording of peerlab (each line is a JSON object)")
        }
        guard header.format == Recorder.format || header.format == RealRecorder.format else {
            throw diagnostic(
                "format version \(header.format); this peerlab reads versions \(Recorder.format) and \(RealRecorder.format)"
            )
        }
        do {
            lab = try LabFile.read(text: header.source, name: header.lab, workloads: workloads)
        } catch {
            throw diagnostic("the lab in the header cannot be used: \(error.all.first?.description ?? "")")
        }
        guard lab.name == header.lab else {
            throw diagnostic("the header names the lab \(quoted(header.lab)), its text \(quoted(lab.name))")
        }
        guard header.sum == nil || header.sum == ContentSum.name else {
            throw diagnostic(
                "a checksum of the kind \(quoted(header.sum ?? "")); this peerlab knows \(ContentSum.name)")
        }
        (self.name, self.header, text) = (name, header, first.text)
    }

    /// What is wrong with the header.
    func diagnostic(_ message: String) -> LabDiagnostic { LabDiagnostic(file: name, line: 1, message: message) }

    /// Reads the lines behind the header.
    ///
    /// - Parameter take: takes a line, its text, and the sum of all before it.
    /// - Returns: a warning where the last one is torn.
    /// - Throws: ``LabDiagnostic`` with the line that cannot be used.
    func read(
        _ lines: Lines, _ take: (RecordingLine, Data, ContentSum) throws(SessionError) -> Void
    ) throws(LabDiagnostic) -> [String] {
        var sum = ContentSum()
        var before = text
        while let next = try lines() {
            sum.mix(before)
            sum.mix(Data([0x0A]))
            before = next.text
            guard let line = RecordingLine(next.text) else {
                guard !next.isEnded, RecordingLine.isTorn(next.text) else {
                    throw LabDiagnostic(file: name, line: next.number, message: "not a line of a recording")
                }
                return ["\(name):\(next.number): the last line is torn; the recording is used up to it"]
            }
            do {
                try take(line, next.text, sum)
            } catch {
                throw LabDiagnostic(file: name, line: next.number, message: error.description)
            }
        }
        return []
    }
}
