import Foundation

/// A file that cannot be written.
package struct UnwritableFile: Error, Hashable, Sendable {
    /// Why: the system's words, or a sentence.
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }

    /// What the system said last.
    static var lastError: UnwritableFile { UnwritableFile(reason: String(cString: strerror(errno))) }
}
