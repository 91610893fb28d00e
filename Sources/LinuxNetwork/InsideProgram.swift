import CLinux
import Foundation
import Glibc
import Synchronization

/// A program that runs inside a host: alone with what it starts, and ended with it.
package final class InsideProgram: Sendable {
    /// What is done to all of its processes.
    package enum Command: String, Sendable {
        case stop = "S"
        case goOn = "C"
        case terminate = "T"
        case kill = "K"
    }

    /// Where a program reads and writes.
    package struct Streams: Sendable {
        package var input: Int32
        package var output: Int32
        package var errors: Int32

        package init(input: Int32, output: Int32, errors: Int32) {
            (self.input, self.output, self.errors) = (input, output, errors)
        }

        /// This process's own.
        package static let own = Streams(input: 0, output: 1, errors: 2)
    }

    private let process: Int32
    private let control: Int32
    private let outcome = Mutex<Int32?>(nil)

    /// Starts a program in a host.
    ///
    /// - Parameters:
    ///   - names: what `/etc/hosts` is for it.
    /// - Throws: ``MachineFailure`` where nothing can be started. A command that is not there is an exit status of 127.
    package init(
        _ command: [String], in host: HostNamespace, names: String, streams: Streams
    ) throws(MachineFailure) {
        let program = try Self.helper()
        var environment = ProcessInfo.processInfo.environment
        environment["PEERLAB_HOSTS"] = names
        let words = ([program, PEERLAB_INSIDE] + command).map { strdup($0) } + [nil]
        // In the order of their names: a dictionary has none.
        let settings = environment.sorted { $0.key < $1.key }.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in words + settings { free(word) } }
        var control: Int32 = -1
        let started: Int32
        do {
            started = try host.within {
                peerlab_start_inside(
                    program, words, settings, streams.input, streams.output, streams.errors, &control)
            }
        } catch {
            throw MachineFailure("a program cannot be started in its host: \(error)")
        }
        guard started > 0 else { throw MachineFailure("'\(program)' cannot be started", error: -started) }
        (process, self.control) = (started, control)
    }

    deinit { Glibc.close(control) }

    /// The program that becomes what is started: this one, or the one beside a bundle of tests.
    private static func helper() throws(MachineFailure) -> String {
        if InsideHost.isEntry { return "/proc/self/exe" }
        let name = "peerlab"
        for argument in CommandLine.arguments {
            guard let end = argument.range(of: ".xctest") else { continue }
            let folder = (String(argument[..<end.upperBound]) as NSString).deletingLastPathComponent
            let found = folder + "/" + name
            if FileManager.default.isExecutableFile(atPath: found) { return found }
        }
        throw MachineFailure("the program '\(name)' is not found, which starts others inside hosts")
    }

    /// Does something to it and all that it has started.
    package func send(_ command: Command) {
        _ = command.rawValue.withCString { write(control, $0, 1) }
    }

    /// Its exit status once it has ended, and 128 + n where a signal ended it; nil while it runs.
    package var exitStatus: Int32? {
        outcome.withLock { outcome in
            if let outcome { return outcome }
            var status: Int32 = 0
            guard waitpid(process, &status, WNOHANG) == process else { return nil }
            outcome = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
            return outcome
        }
    }

    /// Waits until it has ended.
    package func wait(every microseconds: UInt32 = 2_000) -> Int32 {
        while true {
            if let exitStatus { return exitStatus }
            usleep(microseconds)
        }
    }
}
