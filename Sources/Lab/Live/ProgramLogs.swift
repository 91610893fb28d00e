import Foundation
import Glibc
import LinuxNetwork

/// How a program of a lab stands.
package struct ProgramState: Hashable, Sendable {
    package let name: String
    package let isRunning: Bool
    /// Its exit status when it ended last, and 128 + n where a signal ended it; nil for one that has not.
    package let exit: Int32?
    /// The file that it writes to.
    package let log: String
}

/// What the programs of a lab write, a file each: those of the lab's last run.
package struct ProgramLogs: Sendable {
    /// A file that is written to, and one in which there is nothing to read.
    struct Open {
        let descriptor: Int32
        let nothing: Int32

        func close() {
            Glibc.close(descriptor)
            Glibc.close(nothing)
        }
    }

    private let folder: String

    package init(_ lab: LabDefinition) {
        folder = (StateFolder.path() ?? NSTemporaryDirectory() + "/peerlab") + "/programs/\(lab.name)"
    }

    /// The file of a program.
    package func path(of name: String) -> String { folder + "/\(name).log" }

    /// Opens the file of a program: what it wrote in a run before is gone.
    ///
    /// - Parameter goingOn: it has written in this run already.
    func open(_ name: String, goingOn: Bool) throws(MachineFailure) -> Open {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let descriptor = Glibc.open(
            path(of: name), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (goingOn ? 0 : O_TRUNC), 0o600)
        guard descriptor >= 0 else { throw MachineFailure("'\(path(of: name))' cannot be written") }
        let nothing = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0 else {
            Glibc.close(descriptor)
            throw MachineFailure("'/dev/null' cannot be opened")
        }
        return Open(descriptor: descriptor, nothing: nothing)
    }
}
