package import Foundation

/// A file open for writing, by its descriptor, which is closed with it.
package final class OpenFile {
    let descriptor: Int32

    /// Takes over a descriptor.
    init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Opens a path.
    ///
    /// - Parameter flags: beside `O_CLOEXEC`.
    /// - Throws: why not.
    static func opening(_ path: String, _ flags: Int32, mode: mode_t = 0o666) throws(UnwritableFile) -> OpenFile {
        while true {
            let descriptor = open(path, flags | O_CLOEXEC, mode)
            if descriptor >= 0 { return OpenFile(owning: descriptor) }
            if errno != EINTR { throw .lastError }
        }
    }

    /// Opens what is no file of its own: a pipe or a device, or a stream of this process by its name, which goes on where
    /// it is.
    static func stream(_ path: String) throws(UnwritableFile) -> OpenFile {
        guard let own = FilePlace.ownDescriptor(path) else { return try opening(path, O_WRONLY) }
        let descriptor = fcntl(own, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .lastError }
        return OpenFile(owning: descriptor)
    }

    /// Makes a new file beside another, with the other's permissions, that is to take its name.
    ///
    /// - Returns: the file, and its path.
    static func beside(_ path: String) throws(UnwritableFile) -> (file: OpenFile, path: String) {
        var number = 0
        while true {
            let partial = "\(FilePlace.directory(of: path))/.peerlab-\(getpid())-\(number).partial"
            let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor < 0, errno == EEXIST, number < 1_000 {
                number += 1
                continue
            }
            guard descriptor >= 0 else { throw .lastError }
            var status = stat()
            // Another's owner may not be given: then it is ours, which is what it would be if it were new.
            if stat(path, &status) == 0 {
                _ = fchown(descriptor, status.st_uid, status.st_gid)
                _ = fchmod(descriptor, status.st_mode & 0o7777)
            }
            return (OpenFile(owning: descriptor), partial)
        }
    }

    /// Writes bytes.
    ///
    /// - Throws: when not all of them could be written: why.
    package func append(_ bytes: Data) throws(UnwritableFile) {
        let descriptor = descriptor
        let isWhole = bytes.withUnsafeBytes { all -> Bool in
            var rest = all[...]
            while !rest.isEmpty {
                let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN {
                    var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waited, 1, -1)
                    continue
                }
                if count < 0 { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
        guard isWhole else { throw .lastError }
    }

    /// Takes the lock of a file that a run is recorded into; it is given back with the descriptor.
    ///
    /// - Throws: when another has it. A file system that knows no locks gives it to everyone.
    func lock() throws(UnwritableFile) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
        throw UnwritableFile(reason: "a run is being recorded into it")
    }

    // MARK: At places

    /// Writes bytes at a place.
    ///
    /// - Returns: whether all of them could be written.
    func put(_ bytes: [UInt8], at place: Int64) -> Bool {
        bytes.withUnsafeBytes { all in
            var done = 0
            while done < all.count {
                let rest = UnsafeRawBufferPointer(rebasing: all[done...])
                let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(place) + off_t(done))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }

    /// The bytes at a place; nil where they cannot be read.
    func bytes(at place: Int64, count: Int) -> [UInt8]? {
        let content = [UInt8](unsafeUninitializedCapacity: count) { all, filled in
            while filled < count {
                let read = pread(
                    descriptor, all.baseAddress.map { $0 + filled }, count - filled, off_t(place) + off_t(filled))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { return }
                filled += read
            }
        }
        return content.count == count ? content : nil
    }
}
