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

    /// Writes bytes.
    ///
    /// - Throws: when not all of them could be written: why.
    package func append(_ bytes: Data) throws(UnwritableFile) {
        do {
            try write(contentsOf: bytes)
        } catch {
            let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw UnwritableFile(reason: system.map { String(cString: strerror(Int32($0.code))) } ?? "\(error)")
        }
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
