package import Foundation
package import Workloads

/// What a process that runs seeds for another is told, and what it answers: JSON, a line each.
package enum SeedWork {
    /// What all its seeds are of: the first line that it is told.
    package struct Assignment: Codable, Sendable {
        /// The lab: its name, and its file's text.
        package var name, source: String
        /// How far each run goes, in nanoseconds; nil for the lab's end.
        package var until: Int64?
        /// The cell that is looked for.
        package var cell: String?
        /// The run whose futures are asked.
        package var past: Past?

        package init(_ lab: LabDefinition, until: Int64?, cell: String? = nil, past: Past? = nil) {
            (name, source, self.until, self.cell, self.past) = (lab.name, lab.source, until, cell, past)
        }

        /// The lab.
        ///
        /// - Throws: ``LabDiagnostics`` where its text is none.
        package func lab(_ workloads: WorkloadRegistry) throws(LabDiagnostics) -> LabDefinition {
            try LabFile.read(text: source, name: name, workloads: workloads)
        }
    }

    /// A run that has failed.
    package struct Past: Codable, Sendable {
        /// Something that was done by hand.
        struct Deed: Codable, Sendable {
            var event: Int
            var time: Int64
            var action: String
        }

        private let seed: UInt64
        private let deeds: [Deed]
        private let signature: FailureSignature

        /// - Parameter snapshot: of the run, at its end.
        package init(_ snapshot: Snapshot, failedBy signature: FailureSignature) {
            let syntax = ActionSyntax(lab: snapshot.lab)
            (seed, self.signature) = (snapshot.seed, signature)
            deeds = snapshot.interventions.map {
                Deed(event: $0.event, time: $0.time, action: syntax.text(of: $0.action))
            }
        }

        /// What runs its futures.
        ///
        /// - Parameter end: how far they go, in nanoseconds.
        /// - Throws: ``SessionError`` where a deed is none of the lab.
        package func trial(_ lab: LabDefinition, until end: Int64?) throws(SessionError) -> FutureTrial {
            let syntax = ActionSyntax(lab: lab)
            let done = try deeds.map { deed throws(SessionError) in
                Intervention(time: deed.time, event: deed.event, action: try syntax.action(deed.action))
            }
            return FutureTrial(
                lab, seed: seed, deeds: done, until: min(end ?? lab.duration, lab.duration), failingBy: signature)
        }
    }

    /// A line behind that.
    package enum Order: Codable, Sendable, Hashable {
        /// Run seeds, and answer each with what came of it.
        case run(seeds: [UInt64])
        /// Run a seed, and record it.
        case record(seed: UInt64, path: String)
        /// Run futures behind an event, and answer each with what came of it.
        case futures(event: Int, seeds: [Int64])
    }

    /// An answer.
    package enum Answer: Codable, Sendable {
        /// What came of a seed.
        case result(SeedResult)
        /// A recording was written, or why not.
        case recorded(problem: String?)
        /// What came of a future.
        case future(FutureTrial.End)
    }

    /// A value as a line, with its line feed.
    package static func line(_ value: some Encodable) -> Data {
        var data = (try? JSONText().data(value)) ?? Data()
        data.append(0x0A)
        return data
    }

    /// Reads a line; nil where it is none of the kind.
    package static func read<Value: Decodable>(_ type: Value.Type, _ line: Data) -> Value? {
        try? JSONDecoder().decode(type, from: line)
    }

    /// Records a seed's run.
    ///
    /// - Returns: what kept it from being written whole; nil where nothing did.
    package static func record(_ lab: LabDefinition, seed: UInt64, until: Int64?, to path: String) -> String? {
        let session = SimSession(lab: lab, seed: seed, memory: .latest)
        defer { session.close() }
        do throws(SessionError) {
            try session.record(to: path)
        } catch {
            return "\(error)"
        }
        // Where it cannot go on is what is recorded.
        _ = try? session.seek(to: .time(min(until ?? lab.duration, lab.duration)))
        session.finishRecording()
        return session.recordingProblem
    }
}
