import Foundation

/// The names of recordings that nobody has named.
package enum RecordingName {
    /// How the names of recordings end.
    package static let ending = ".peerlab"
    /// Numbers that are tried, at most.
    private static let most = 999

    /// Whether something would be lost if a file were written anew: it is there, no pipe or device, and not empty.
    package static func holdsSomething(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, FilePlace(path) != .stream else { return false }
        return status.st_size > 0
    }

    /// A name that no file of a directory has: the usual one, or with a number behind it.
    ///
    /// - Parameters:
    ///   - usual: what is recorded, without an extension.
    ///   - directory: where it is written; nil for the current directory.
    /// - Returns: the name with its extension; the usual one where all numbers are taken.
    package static func free(after usual: String, in directory: String? = nil) -> String {
        func isTaken(_ name: String) -> Bool {
            FileManager.default.fileExists(atPath: directory.map { "\($0)/\(name)" } ?? name)
        }
        let names = ["\(usual)\(ending)"] + (2...most).lazy.map { "\(usual)-\($0)\(ending)" }
        return names.first { !isTaken($0) } ?? "\(usual)\(ending)"
    }
}
