import Foundation
import Glibc

/// Where a command's words go: the result to standard output, all else to standard error.
enum Output {
    /// Writes the result; a closed pipe ends the program without a word, as it ends `cat`.
    static func result(_ text: String) {
        var data = Data(text.utf8)
        if data.last != 0x0A { data.append(0x0A) }
        do {
            try FileHandle.standardOutput.write(contentsOf: data)
        } catch {
            exit(ExitStatus.passed.rawValue)
        }
    }

    /// Writes a message to standard error.
    static func message(_ text: String) {
        guard !text.isEmpty else { return }
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    /// Whether a person watches standard error.
    static var hasReader: Bool { isatty(STDERR_FILENO) == 1 }
}
