import Foundation
import Glibc

/// The end of what a program has written.
package struct ProgramOutput: Hashable, Sendable {
    /// The last lines.
    package let lines: [String]
    /// How large the file was, in bytes.
    package let size: Int64

    /// Bytes that are looked at, at most.
    private static let most: Int64 = 64 << 10

    /// Reads the file of a program; nil where it cannot be read.
    package init?(_ program: ProgramState) {
        guard let file = FileHandle(forReadingAtPath: program.log) else { return nil }
        defer { try? file.close() }
        guard let size = try? file.seekToEnd() else { return nil }
        self.size = Int64(clamping: size)
        let begin = max(0, self.size - Self.most)
        guard (try? file.seek(toOffset: UInt64(begin))) != nil, var bytes = try? file.readToEnd() ?? Data() else {
            return nil
        }
        // It begins with a whole line, where it has any.
        if begin > 0, let feed = bytes.firstIndex(of: 0x0A) { bytes = bytes[(feed + 1)...] }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { Printable.line(String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self)) }
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        self.lines = lines
    }

    /// How large the file of a program is now, in bytes; nil where there is none.
    package static func size(of program: ProgramState) -> Int64? {
        var status = stat()
        return stat(program.log, &status) == 0 ? Int64(status.st_size) : nil
    }
}
