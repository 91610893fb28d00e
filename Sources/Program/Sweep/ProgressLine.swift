import Foundation
import Glibc

/// One line on standard error that tells how long work goes on, where that is a terminal; written anew now and then.
struct ProgressLine {
    private let isShown = isatty(STDERR_FILENO) == 1
    private var lastShown: ContinuousClock.Instant?
    private var isThere = false

    /// Lines a second, at most: ten.
    private static let pause = Duration.milliseconds(100)

    /// Shows a line in place of the one before.
    ///
    /// - Parameter text: the line, made only when it is shown; what does not fit a terminal of 80 columns may be cut off.
    mutating func show(_ text: () -> String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        if let lastShown, lastShown.duration(to: now) < Self.pause { return }
        lastShown = now
        isThere = true
        write("\r\u{1B}[K" + text())
    }

    /// Takes the line away.
    mutating func clear() {
        guard isThere else { return }
        isThere = false
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
