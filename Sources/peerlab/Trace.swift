import Foundation
import Lab

/// Writes the events of a run, one JSON object a line.
enum Trace {
    static func write(_ snapshot: Snapshot, to path: String) throws {
        try Output.writing("the trace", to: path) { () throws(UnwritableFile) in
            let file = try OutputFile(path)
            var lines = Data()
            for line in TraceLines(snapshot) {
                lines.append(line)
                if lines.count > 1 << 20 {
                    try file.append(lines)
                    lines.removeAll(keepingCapacity: true)
                }
            }
            try file.append(lines)
            try file.finish()
        }
    }
}
