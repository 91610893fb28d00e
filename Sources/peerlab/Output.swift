import Foundation
import Glibc

/// Where a command's words go: the result to standard output, all else to standard error.
enum Output {
    /// Writes the result; a reader that has gone away is no error, anything else that keeps it from being written is.
    static func result(_ text: String) {
        var data = Data(text.utf8)
        if data.last != 0x0A { data.append(0x0A) }
        let failed = data.withUnsafeBytes { bytes -> CInt? in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                rest = rest.dropFirst(count)
            }
            return nil
        }
        // `peerlab … | head` is no failure; the verdict of the run still decides the exit code.
        guard let failed, failed != EPIPE else { return }
        message("error: the result cannot be written: \(String(cString: strerror(failed)))")
        exit(ExitStatus.unusable.rawValue)
    }

    /// Writes a message to standard error.
    static func message(_ text: String) {
        guard !text.isEmpty else { return }
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }
}
