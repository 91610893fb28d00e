import Foundation
import Glibc
import Lab

/// How far a long work has come: a line on standard error that is written over, where that is a terminal.
final class ProgressLine {
    private let isShown = isatty(STDERR_FILENO) == 1
    private var shownAt: ContinuousClock.Instant?

    /// Between two of them it takes so long at least: nobody reads faster, and a terminal may be far away.
    private static let least = Duration.milliseconds(100)

    /// Shows how far it has come.
    func show(_ text: String) {
        guard isShown, shownAt.map({ $0.duration(to: .now) >= Self.least }) ?? true else { return }
        shownAt = .now
        write("\r\(Printable.line(text, atMost: 78))\u{1B}[K")
    }

    /// Takes the line away.
    func end() {
        guard shownAt != nil else { return }
        shownAt = nil
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
