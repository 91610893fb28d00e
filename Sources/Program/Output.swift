import Foundation
import Glibc
import Lab

/// Where a command's words go: the result to standard output, all else to standard error; both fit for a terminal.
enum Output {
    /// Writes the result; a reader that has gone away is no error, anything else that keeps it from being written is.
    static func result(_ text: String) {
        var data = Data(Printable.text(text).utf8)
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

    /// Writes a message to standard error: one line, whatever it quotes.
    static func message(_ text: String) {
        report(Printable.line(text, atMost: Printable.mostOfMessage))
    }

    /// Writes what a script's command tells to standard error, its lines as they are.
    static func text(_ text: String) { report(Printable.text(text)) }

    /// Writes all that is wrong with a file to standard error, a line each.
    static func messages(_ diagnostics: LabDiagnostics) {
        report(diagnostics.description)
    }

    /// Writes what the command line's own words are, of many lines, to standard error. What it quotes of the arguments
    /// stays on its line.
    static func usage(_ text: String) {
        var text = text
        for argument in CommandLine.arguments where argument.contains(where: \.isNewline) {
            text = text.replacingOccurrences(of: argument, with: Printable.line(argument))
        }
        report(Printable.text(text))
    }

    /// Writes a file.
    ///
    /// - Parameter what: what is written, as in `the trace`.
    /// - Throws: ``Failure`` that says why it cannot be.
    static func writing(_ what: String, to path: String, _ body: () throws(UnwritableFile) -> Void) throws {
        do throws(UnwritableFile) {
            try body()
        } catch {
            throw Failure(
                status: .unusable, message: "\(path): error: \(what) cannot be written: \(error.reason)")
        }
    }

    private static func report(_ text: String) {
        guard !text.isEmpty else { return }
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }
}
