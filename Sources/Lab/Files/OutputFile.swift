package import Foundation

/// A file that is written whole: beside the one of its name, which it replaces once all of it is there.
///
/// What is not finished leaves the old file as it was. A pipe or a device is written to and stays what it is. A file in a
/// directory that takes no new ones is written in its place.
package final class OutputFile {
    private enum Way {
        case beside(path: String, partial: String)
        case inPlace
    }

    private let file: OpenFile
    private var way: Way

    /// Begins a file.
    ///
    /// - Throws: when it cannot be written: why.
    package init(_ path: String) throws(UnwritableFile) {
        try Self.check(path)
        if FilePlace(path) == .stream {
            file = try .stream(path)
            way = .inPlace
            return
        }
        let target = FilePlace.resolved(path)
        do throws(UnwritableFile) {
            let (file, partial) = try OpenFile.beside(target)
            self.file = file
            way = .beside(path: target, partial: partial)
        } catch {
            guard [EACCES, EPERM, EROFS].contains(errno), access(target, W_OK) == 0 else { throw error }
            file = try .opening(target, O_WRONLY | O_TRUNC)
            way = .inPlace
        }
    }

    deinit { discard() }

    /// Whether a path can be written to, as far as can be known without writing.
    ///
    /// - Throws: why not.
    package static func check(_ path: String) throws(UnwritableFile) {
        var status = stat()
        if FilePlace.ownDescriptor(path) != nil { return }
        if path.isEmpty || (stat(path, &status) != 0 && errno != ENOENT) { throw refusal(path) }
        if status.st_mode & S_IFMT == S_IFDIR {
            errno = EISDIR
            throw .lastError
        }
        if status.st_mode & S_IFMT != 0 {
            guard access(path, W_OK) == 0 else { throw .lastError }
            guard status.st_mode & S_IFMT == S_IFREG else { return }
            // Whoever records into it would go on in a file without a name.
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            defer { if descriptor >= 0 { close(descriptor) } }
            if descriptor >= 0, flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK {
                throw UnwritableFile(reason: "a run is being recorded into it")
            }
        } else {
            let directory = FilePlace.directory(of: FilePlace.resolved(path))
            guard access(directory, W_OK | X_OK) == 0 else { throw .lastError }
            guard !path.hasSuffix("/") else {
                errno = EISDIR
                throw .lastError
            }
        }
    }

    private static func refusal(_ path: String) -> UnwritableFile {
        if path.isEmpty { errno = ENOENT }
        return .lastError
    }

    /// Writes bytes.
    ///
    /// - Throws: when not all of them could be written: why.
    package func append(_ bytes: Data) throws(UnwritableFile) { try file.append(bytes) }

    /// Puts the file in its place.
    ///
    /// - Throws: why not; then the old one is as it was.
    package func finish() throws(UnwritableFile) {
        guard case .beside(let path, let partial) = way else { return }
        try Self.check(path)
        guard rename(partial, path) == 0 else { throw .lastError }
        way = .inPlace
    }

    private func discard() {
        if case .beside(_, let partial) = way { unlink(partial) }
    }

    /// Writes a file whole.
    ///
    /// - Throws: when it cannot be written: why.
    package static func write(_ bytes: Data, to path: String) throws(UnwritableFile) {
        let file = try OutputFile(path)
        try file.append(bytes)
        try file.finish()
    }
}
