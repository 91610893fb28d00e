import Bug
import Foundation
import Glibc
import LinuxNetwork
import NIOConcurrencyHelpers

/// The file of what a program writes. It has a bound: of more than that the beginning and the end are kept, and between them
/// stands how much is left out. So who writes without end fills no disk.
final class ProgramLog: Sendable {
    /// Bytes that are kept of the beginning, and at least as many of the end where there are more; the file has three times as
    /// many at most.
    static let kept = 1 << 20

    private struct State {
        /// Bytes of the file.
        var size: Int
        /// Where the end begins, of one from which something is left out.
        var end: Int?
        /// How much that is.
        var leftOut = 0
    }

    private let descriptor: Int32
    private let state = NIOLockedValueBox(State(size: 0))

    /// Begins a file: what was there before is gone.
    ///
    /// - Throws: ``MachineFailure`` where it cannot be written.
    init(_ path: String) throws(MachineFailure) {
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw MachineFailure("'\(path)' cannot be written") }
    }

    deinit { close(descriptor) }

    /// Writes bytes at the end; what a full disk does not take is lost.
    func append(_ bytes: UnsafeRawBufferPointer) {
        state.withLockedValue { state in
            if state.size + bytes.count > 3 * Self.kept { leaveOut(&state) }
            state.size += max(0, pwrite(descriptor, bytes.baseAddress, bytes.count, state.size))
        }
    }

    /// Leaves out what is between the beginning and the end.
    private func leaveOut(_ state: inout State) {
        var last = [UInt8](repeating: 0, count: Self.kept)
        let got = pread(descriptor, &last, Self.kept, state.size - Self.kept)
        guard got == Self.kept else { return }
        // The end begins with a whole line, where it has any.
        if let feed = last.firstIndex(of: 0x0A) { last.removeFirst(feed + 1) }
        let begin = state.end ?? Self.kept
        state.leftOut += state.size - last.count - begin
        let note = Array("\n[\(NumberText.count(state.leftOut, "byte")) left out here]\n".utf8)
        let whole = note + last
        guard pwrite(descriptor, whole, whole.count, Self.kept) == whole.count else { return }
        state.end = Self.kept + note.count
        state.size = Self.kept + whole.count
        ftruncate(descriptor, state.size)
    }
}
