import ArgumentParser
import Foundation
import Glibc
import Lab
import LinuxNetwork
import SimNetwork

/// `peerlab exec`: runs a program inside a lab's host.
struct ExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a program inside a lab's host, behind its links and faults.",
        discussion: """
            The lab runs with the kernel's own TCP (as run --on linux does), and the program in the network of one of its \
            hosts, which knows the others by their names. It has this terminal, and its exit code is the command's; 128 + n \
            where a signal ended it. The lab lasts as long as the program does.

            Example: peerlab exec hello --in client -- curl http://server:8000/
            """)

    @OptionGroup var lab: LabArgument
    @Option(name: .customLong("in"), help: "The host in which it runs.") var host: String
    @Option(parsing: .unconditional, help: "The seed, instead of the lab's own.", transform: Seed.read) var seed: Seed?
    @Argument(parsing: .postTerminator, help: "The command, and its arguments.") var command: [String]

    func validate() throws {
        if command.isEmpty {
            throw ValidationError("a command is expected behind '--', as in '-- curl http://server/'.")
        }
    }

    func run() throws {
        var files = FilesInUse()
        let definition = try lab.load(&files)
        guard let place = definition.host(host) else {
            let hosts = definition.topology.hosts.map(\.name)
            throw Failure(
                status: .unusable,
                message: "error: the lab has no host \(quoted(host))\(Suggestion.clause(for: host, among: hosts))")
        }
        for warning in definition.warnings { Output.message(warning.description) }
        if let obstacle = ProviderKind.linux.obstacle(to: definition) {
            throw Failure(status: .unusable, message: "error: \(obstacle)")
        }
        let session = LiveSession(lab: definition, on: .linux, seed: seed?.value)
        defer { session.close() }
        if let failure = session.snapshot.failure { throw Failure(status: .unusable, message: "error: \(failure)") }
        // What the terminal sends is for the command.
        for number in [SIGINT, SIGQUIT] { signal(number, SIG_IGN) }
        let status: Int32
        do {
            status = try session.execute(command, in: place)
        } catch {
            throw Failure(status: .unusable, message: "error: \(error)")
        }
        session.close()
        throw ExitCode(status)
    }
}
