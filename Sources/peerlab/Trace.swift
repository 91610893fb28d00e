import Foundation
import Lab

/// Writes the events of a run, one JSON object a line.
enum Trace {
    static func write(_ snapshot: Snapshot, to path: String) throws {
        do throws(UnwritableFile) {
            let file = try FileHandle.creating(path)
            defer { try? file.close() }
            try write(snapshot, to: file)
        } catch {
            throw Failure(status: .unusable, message: "\(path): error: the trace cannot be written: \(error.reason)")
        }
    }

    private static func write(_ snapshot: Snapshot, to file: FileHandle) throws(UnwritableFile) {
        var lines = Data()
        for line in TraceLines(snapshot) {
            lines.append(line)
            if lines.count > 1 << 20 {
                try file.append(lines)
                lines.removeAll(keepingCapacity: true)
            }
        }
        try file.append(lines)
    }
}
