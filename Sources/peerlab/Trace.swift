import Foundation
import Lab

/// Writes the events of a run, one JSON object a line.
enum Trace {
    static func write(_ snapshot: Snapshot, to path: String) throws {
        let file: FileHandle
        do throws(UnwritableFile) {
            file = try FileHandle.creating(path)
        } catch {
            throw unwritable(path, error.reason)
        }
        defer { try? file.close() }
        do {
            try write(snapshot, to: file)
        } catch {
            throw unwritable(path, (error as NSError).localizedFailureReason)
        }
    }

    private static func write(_ snapshot: Snapshot, to file: FileHandle) throws {
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

    private static func unwritable(_ path: String, _ reason: String?) -> Failure {
        let why = reason.map { ": \($0)" } ?? ""
        return Failure(status: .unusable, message: "\(path): error: the trace cannot be written\(why)")
    }
}
