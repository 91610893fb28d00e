import Foundation

/// What commands read beside labs: scripts and recordings.
enum Input {
    /// All of a file, of a pipe too, or of standard input for `-`; nil where it cannot be read.
    static func read(_ path: String) -> Data? {
        guard let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path) else {
            return nil
        }
        // It says nil where nothing is in it.
        do { return try handle.readToEnd() ?? Data() } catch { return nil }
    }
}
