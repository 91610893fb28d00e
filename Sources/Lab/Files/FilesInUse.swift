/// The files that one command reads and writes: nothing is written over what it reads, or over another of its outputs.
///
/// Pipes, terminals and devices take more than one; so does a stream of the process by its name (`/dev/stdout`).
package struct FilesInUse {
    private var used: [(place: FilePlace, what: String)] = []

    /// Begins with what standard output and standard error are sent to.
    package init() {
        note(FilePlace(descriptor: 1), "standard output")
        note(FilePlace(descriptor: 2), "standard error")
    }

    /// Notes a file that is read; `-` is standard input.
    ///
    /// - Parameter what: what it is, as in `the lab file`.
    package mutating func reads(_ path: String, _ what: String) {
        note(path == "-" ? FilePlace(descriptor: 0) : FilePlace(path), what)
    }

    /// Notes a file that is to be written.
    ///
    /// - Parameter what: what it is, as in `the trace`.
    /// - Throws: ``UnwritableFile`` where it is in use already.
    package mutating func writes(_ path: String, _ what: String) throws(UnwritableFile) {
        let place = FilePlace(path)
        if let other = used.first(where: { $0.place == place && $0.place != .stream }) {
            throw UnwritableFile(reason: "the file is taken by \(other.what); name another")
        }
        note(place, what)
    }

    /// What writes a recording of a session from now on, where nothing is in the way.
    package func recording(_ session: any LabSession) -> (String) throws(SessionError) -> Void {
        var files = self
        return { path throws(SessionError) in
            do throws(UnwritableFile) {
                try files.writes(path, "a recording")
            } catch {
                throw SessionError("cannot write the recording \(path): \(error.reason)")
            }
            try session.record(to: path)
        }
    }

    private mutating func note(_ place: FilePlace, _ what: String) {
        if place != .stream { used.append((place, what)) }
    }
}
