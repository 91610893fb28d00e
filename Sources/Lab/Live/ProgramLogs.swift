import Foundation
import Glibc
import LinuxNetwork
import NIOConcurrencyHelpers

/// How a program of a lab stands.
package struct ProgramState: Hashable, Sendable {
    package let name: String
    package let isRunning: Bool
    /// Its exit status when it ended last, and 128 + n where a signal ended it; nil for one that has not.
    package let exit: Int32?
    /// The file that it writes to.
    package let log: String

    package init(name: String, isRunning: Bool, exit: Int32?, log: String) {
        (self.name, self.isRunning, self.exit, self.log) = (name, isRunning, exit, log)
    }
}

/// What the programs of a lab write, a file each: those of the lab's last run.
final class ProgramLogs: Sendable {
    /// What a program writes to, and something in which there is nothing to read.
    struct Open {
        let output: Int32
        let nothing: Int32

        func close() {
            Glibc.close(output)
            Glibc.close(nothing)
        }
    }

    private let folder: String
    private let logs = NIOLockedValueBox<[String: ProgramLog]>([:])
    /// How many programs are listened to; the lock has the same number, for who waits until there is none.
    private let listening = NIOLockedValueBox(0)
    private let heard = ConditionLock(value: 0)
    /// How long it is waited for what programs that are gone have left behind.
    private static let patience = 1.0

    init(_ lab: LabDefinition) {
        folder = (StateFolder.path() ?? NSTemporaryDirectory() + "/peerlab") + "/programs/\(lab.name)"
    }

    /// The file of a program.
    func path(of name: String) -> String { folder + "/\(name).log" }

    /// Opens what a program writes to; what it wrote in a run before is gone, and what it wrote in this one stays.
    ///
    /// - Throws: ``MachineFailure`` where its file cannot be written.
    func open(_ name: String) throws(MachineFailure) -> Open {
        let log = try log(of: name)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw MachineFailure("no pipe can be made: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let nothing = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0 else {
            for end in ends { Glibc.close(end) }
            throw MachineFailure("'/dev/null' cannot be opened")
        }
        listen(to: ends[0], log)
        return Open(output: ends[1], nothing: nothing)
    }

    private func log(of name: String) throws(MachineFailure) -> ProgramLog {
        if let known = logs.withLockedValue({ $0[name] }) { return known }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = try ProgramLog(path(of: name))
        logs.withLockedValue { $0[name] = log }
        return log
    }

    /// Takes what is written, on a thread of its own, until nobody is left who could write.
    private func listen(to descriptor: Int32, _ log: ProgramLog) {
        count(1)
        Thread.detachNewThread { [self] in
            var bytes = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let got = read(descriptor, &bytes, bytes.count)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                bytes.withUnsafeBytes { log.append(UnsafeRawBufferPointer(rebasing: $0[..<got])) }
            }
            Glibc.close(descriptor)
            count(-1)
        }
    }

    /// So many more are listened to.
    private func count(_ more: Int) {
        heard.lock()
        let now = listening.withLockedValue { listening in
            listening += more
            return listening
        }
        heard.unlock(withValue: now)
    }

    /// Waits until all that programs wrote is in their files, once they have ended.
    func finish() {
        if heard.lock(whenValue: 0, timeoutSeconds: Self.patience) { heard.unlock() }
    }
}
