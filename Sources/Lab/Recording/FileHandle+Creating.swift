package import Foundation

extension FileHandle {
    /// Opens a file to be written anew; a pipe or a device is written to and stays what it is.
    ///
    /// - Returns: nil when it cannot be written.
    package static func creating(_ path: String) -> FileHandle? {
        // `FileManager.createFile` puts a new file in the old one's place, devices among them.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        return descriptor < 0 ? nil : FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
