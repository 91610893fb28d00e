import ArgumentParser
import CTrap
import Glibc
import Lab
import LinuxNetwork
package import Workloads

/// `peerlab`: an interactive terminal network lab.
struct Peerlab: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerlab",
        abstract: "An interactive terminal network lab.",
        discussion: """
            Peers run in a deterministic simulated network, are stepped event by event on the screen, and run unchanged \
            on real sockets: on loopback, or with the kernel's own TCP behind the lab's links.

            Example: peerlab hello
            """,
        version: "0.1.0",
        subcommands: [
            Open.self, Run.self, ReplayCommand.self, CompareCommand.self, DrillCommand.self, ExecCommand.self,
            SweepCommand.self, ShrinkCommand.self, OddsCommand.self, DiffCommand.self, ExportCommand.self, Check.self,
            DoctorCommand.self, CalibrateCommand.self, Labs.self, WorkerCommand.self,
        ],
        defaultSubcommand: Open.self)
}

extension Peerlab {
    /// Sees whether what stands where a command or a lab does is rather a command that is written wrong.
    ///
    /// - Throws: ``Failure`` that says which; what else is wrong is told by whoever reads the arguments.
    static func checkName(of arguments: [String]) throws(Failure) {
        guard let word = arguments.first, !word.hasPrefix("-"), !word.contains("/") else { return }
        let names = configuration.subcommands.map { $0._commandName } + ["help"]
        guard !names.contains(word), let near = Suggestion.nearest(to: word, among: names) else { return }
        // A lab that is near is told where it is opened.
        guard !LabLibrary.standard().mayMean(word) else { return }
        throw Failure(
            status: .unusable,
            message: "error: there is no command and no lab \(quoted(word)); did you mean '\(near)'?")
    }
}

/// The program.
package enum PeerlabProgram {
    /// Runs the command of the process's arguments and ends the process.
    ///
    /// - Parameter workloads: those that labs may name.
    package static func run(workloads: WorkloadRegistry = .shipped) -> Never {
        InsideHost.enter()
        KnownWorkloads.all = workloads
        peerlab_catch_traps()
        // A reader that has had enough is no reason to die by a signal: the write fails, and that ends the command.
        signal(SIGPIPE, SIG_IGN)
        // Nor is a file that may grow no further.
        signal(SIGXFSZ, SIG_IGN)
        do {
            try Peerlab.checkName(of: Array(CommandLine.arguments.dropFirst()))
            var command = try Peerlab.parseAsRoot()
            try command.run()
            exit(ExitStatus.passed.rawValue)
        } catch let failure as Failure {
            Output.message(failure.message)
            exit(failure.status.rawValue)
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch let diagnostics as LabDiagnostics {
            Output.messages(diagnostics)
            exit(ExitStatus.unusable.rawValue)
        } catch let diagnostic as LabDiagnostic {
            Output.message(diagnostic.description)
            exit(ExitStatus.unusable.rawValue)
        } catch let error as SessionError {
            Output.message("error: \(error)")
            exit(ExitStatus.failed.rawValue)
        } catch {
            // Help and versions are asked for and go to standard output; everything else is a use that is not known.
            if Peerlab.exitCode(for: error) == .success {
                Output.result(Peerlab.fullMessage(for: error))
                exit(ExitStatus.passed.rawValue)
            }
            Output.usage(Peerlab.fullMessage(for: error))
            exit(ExitStatus.unusable.rawValue)
        }
    }
}
