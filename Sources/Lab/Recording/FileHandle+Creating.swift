package import Foundation

extension FileHandle {
    /// Opens a file to be written anew; a pipe or a device is written to and stays what it is.
    ///
    /// - Throws: when it cannot be written: why.
    package static func creating(_ path: String) throws(UnwritableFile) -> FileHandle {
        // `FileManager.createFile` puts a new file in the old one's place, devices among them.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw UnwritableFile(reason: String(cString: strerror(errno))) }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}

/// A file that cannot be written.
package struct UnwritableFile: Error, Hashable, Sendable {
    /// The system's words.
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}
