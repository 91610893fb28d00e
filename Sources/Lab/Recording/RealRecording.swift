import Foundation
import SimNetwork
import Workloads

/// A recording of a run on a real network: what has happened, which can be looked at and compared, and not done again.
package struct RealRecording: Sendable {
    /// The lab.
    package let lab: LabDefinition
    /// The seed of the peers' own draws.
    package let seed: UInt64
    /// Which network it was.
    package let network: ProviderKind
    /// What was arranged before the first event, as the log of records has it.
    private(set) var arranged: [UInt8] = []
    /// What has happened, in order.
    private(set) var records: [EventRecord] = []
    /// What was done by hand, in order.
    private(set) var interventions: [Intervention] = []
    /// How it ended; nil where it was cut off.
    private(set) var end: RecordingLine.RealEnd?
    /// What is odd about the file and does not keep it from being used.
    package private(set) var warnings: [String] = []

    /// Reads the lines behind the header.
    init(_ opening: RecordingOpening, _ lines: RecordingOpening.Lines) throws(LabDiagnostic) {
        let name = opening.name
        let header = opening.header
        guard let network = ProviderKind(rawValue: header.network ?? ""), network != .sim else {
            throw opening.diagnostic("a run on '\(header.network ?? "")', which is no real network")
        }
        guard header.engine == Recorder.engine else {
            throw opening.diagnostic(
                "what happened is written as engine \(header.engine) has it; this peerlab has engine \(Recorder.engine)"
            )
        }
        (lab, seed, self.network) = (opening.lab, header.seed, network)
        let syntax = ActionSyntax(lab: lab)
        var check = RecordCheck(topology: lab.topology, processes: lab.peers.count)
        var isDamaged = false
        let torn = try opening.read(lines) { (line, text, sum) throws(SessionError) in
            guard end == nil else { throw SessionError("a line behind the footer") }
            try take(line, syntax, &check)
            if end != nil { isDamaged = !sum.closes(text) }
        }
        warnings = torn
        if arranged.isEmpty {
            throw opening.diagnostic("it was cut off before its first event: there is nothing to show")
        }
        if end == nil {
            warnings.append("\(name): no footer: the run did not end in order")
        } else if isDamaged {
            warnings.append("\(name): it is damaged or edited: its content is not what its checksum is of")
        }
    }

    private mutating func take(
        _ line: RecordingLine, _ syntax: ActionSyntax, _ check: inout RecordCheck
    ) throws(SessionError) {
        switch line {
        case .events(let first, let count, let bytes):
            let expected = arranged.isEmpty ? 0 : records.count + 1
            guard first == expected else { throw SessionError("event \(first), where \(expected) comes next") }
            do throws(RecordDamage) {
                if first == 0 {
                    try check.arrange(Array(bytes))
                    arranged = Array(bytes)
                } else {
                    let new = try check.events(Array(bytes))
                    guard new.count == count else { throw RecordDamage("\(new.count) events and not \(count)") }
                    records += new
                }
            } catch {
                throw SessionError("no run has written this: \(error.what)")
            }
        case .intervention(let event, let time, let action):
            guard (0...records.count).contains(event), time >= 0 else {
                throw SessionError("something that was done after event \(event), where there are \(records.count)")
            }
            interventions.append(Intervention(time: time, event: event, action: try syntax.action(action)))
        case .realEnd(let end):
            guard end.events == records.count else {
                throw SessionError("an end after \(end.events) events, of which there are \(records.count)")
            }
            self.end = end
        case .header, .checkpoint, .branch, .timeline, .rename, .forget, .end, .footer:
            throw SessionError("a line of a recording that replays, in one of a run on \(network.rawValue)")
        }
    }

    /// Why it does not replay, and what can be done instead.
    package func replayDiagnostic(_ path: String) -> LabDiagnostic {
        let word = ShellWord.quoted(path)
        return LabDiagnostic(
            file: path,
            message:
                "it holds what happened on \(network.rawValue), which nobody can do again; peerlab replay \(word) --open shows it, "
                + "peerlab compare \(word) compares it with the simulation")
    }
}
