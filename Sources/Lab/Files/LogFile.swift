import Bug
import Foundation
import SimNetwork
import Synchronization

/// The file of what has left a log's memory: in ``StateFolder``, made at the first that leaves, and without a name from
/// then on, so that nothing of it is left behind whatever ends the process.
package final class LogFile: RecordStore {
    private struct State {
        /// Nil as long as there is none, or none can be made.
        var file: OpenFile?
        var end: Int64 = 0
        /// What was read last, the latest at the end: who looks around in the past looks at few places.
        var latest: [(place: Int64, bytes: [UInt8])] = []
    }

    /// Parts that were read and are kept.
    private static let partsKept = 8

    private let folder: @Sendable () -> String?
    private let state = Mutex(State())

    /// A file in a folder, which is asked for when it is needed; nil for none.
    package init(in folder: @escaping @Sendable () -> String? = { StateFolder.path() }) {
        self.folder = folder
    }

    /// Puts bytes away; nil where the folder cannot be written to, or the disk is full.
    package func put(_ bytes: [UInt8]) -> Int64? {
        state.withLock { state in
            if state.file == nil { state.file = folder().flatMap(Self.nameless) }
            guard let file = state.file, file.put(bytes, at: state.end) else { return nil }
            defer { state.end += Int64(bytes.count) }
            return state.end
        }
    }

    /// The bytes that were put away at a place.
    package func bytes(at place: Int64, count: Int) -> [UInt8] {
        state.withLock { state in
            if let last = state.latest.last, last.place == place { return last.bytes }
            if let index = state.latest.lastIndex(where: { $0.place == place }) {
                state.latest.append(state.latest.remove(at: index))
            } else {
                guard let bytes = state.file?.bytes(at: place, count: count) else {
                    bug(
                        "what left the log's memory cannot be read: \(String(cString: strerror(errno)))")
                }
                if state.latest.count == Self.partsKept { state.latest.removeFirst() }
                state.latest.append((place, bytes))
            }
            return state.latest[state.latest.count - 1].bytes
        }
    }

    private static func nameless(in folder: String) -> OpenFile? {
        for number in 0..<1_000 {
            let path = "\(folder)/log-\(getpid())-\(number)"
            do throws(UnwritableFile) {
                let file = try OpenFile.opening(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
                unlink(path)
                return file
            } catch {
                if errno != EEXIST { return nil }
            }
        }
        return nil
    }
}
