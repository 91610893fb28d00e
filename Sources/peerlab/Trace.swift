import Foundation
import Lab

/// Writes the events of a run, one JSON object a line.
enum Trace {
    static func write(_ snapshot: Snapshot, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else { throw Failure(status: .unusable, message: "\(path): error: cannot be written") }
        defer { try? file.close() }
        var lines = Data()
        for line in TraceLines(snapshot) {
            lines.append(line)
            if lines.count > 1 << 20 {
                try file.write(contentsOf: lines)
                lines.removeAll(keepingCapacity: true)
            }
        }
        try file.write(contentsOf: lines)
    }
}
