import CTrap
import SimNetwork

/// The last line of a recording, should a trap or a hang end the process: the checkpoint of the last event that was whole.
final class LastLine {
    private var number: Int32

    init(of file: GrowingFile, _ path: String) {
        number = peerlab_recording_begin(file.descriptor, ShellWord.quoted(path))
    }

    deinit { end() }

    /// An event is whole.
    func reached(_ event: Int, _ digest: Digest, isWritten: Bool = false) {
        peerlab_recording_at(number, Int64(event), digest.value, isWritten)
    }

    /// Another line is under way.
    func isBeingWritten(_ isIt: Bool) { peerlab_recording_writes(number, isIt) }

    /// The recording has its footer, or can be written no further.
    func end() {
        peerlab_recording_end(number)
        number = -1
    }
}
