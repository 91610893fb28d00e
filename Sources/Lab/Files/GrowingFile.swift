import Foundation

/// A file that is written as something goes on, and can be read at every moment: a recording.
///
/// It begins with its first line whole, in place of what was there before. As long as it is open no other process records
/// into it.
final class GrowingFile {
    private let file: OpenFile
    /// The file that was there before, whose lock keeps others away who have opened it already.
    private var replaced: OpenFile?
    /// Why a stream has not taken the first line.
    private var failure: UnwritableFile?

    /// Its descriptor, which is open as long as this is there.
    var descriptor: Int32 { file.descriptor }

    /// Begins a file.
    ///
    /// - Parameter first: its first line.
    /// - Throws: when it cannot be written: why. Then what was there is as it was.
    init(_ path: String, first: Data) throws(UnwritableFile) {
        if FilePlace(path) == .stream {
            file = try .stream(path)
            // There is nothing to be left as it was: the run goes on, and what is appended next says so.
            do throws(UnwritableFile) { try file.append(first) } catch { failure = error }
            return
        }
        let target = FilePlace.resolved(path)
        let old = try Self.locked(target)
        var status = stat()
        fstat(old.descriptor, &status)
        guard status.st_size > 0, let (new, partial) = try? OpenFile.beside(target) else {
            ftruncate(old.descriptor, 0)
            file = old
            try file.append(first)
            return
        }
        do throws(UnwritableFile) {
            try new.lock()
            try new.append(first)
            guard rename(partial, target) == 0 else { throw .lastError }
        } catch {
            unlink(partial)
            throw error
        }
        (file, replaced) = (new, old)
    }

    /// The file of a path, made where there is none, with its lock.
    private static func locked(_ path: String) throws(UnwritableFile) -> OpenFile {
        while true {
            let file = try OpenFile.opening(path, O_RDWR | O_CREAT)
            try file.lock()
            // Meanwhile another may have put a new one in its place.
            if FilePlace(descriptor: file.descriptor) == FilePlace(path) { return file }
        }
    }

    /// Writes bytes at its end.
    ///
    /// - Throws: when not all of them could be written: why.
    func append(_ bytes: Data) throws(UnwritableFile) {
        if let failure { throw failure }
        try file.append(bytes)
    }
}
