import Foundation

/// Where this program keeps what lasts longer than a command, and what has no other place: `$XDG_STATE_HOME/peerlab`, or
/// `~/.local/state/peerlab`.
package enum StateFolder {
    /// Its path; nil where there is none that can be written to, as in a home that is read alone.
    package static func path() -> String? {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? NSTemporaryDirectory()
        let state = environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.local/state"
        let folder = state + "/peerlab"
        guard (try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)) != nil,
            FileManager.default.isWritableFile(atPath: folder)
        else { return nil }
        return folder
    }
}
