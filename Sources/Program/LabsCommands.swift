import ArgumentParser
import Foundation
import Lab
import SimNetwork

/// `peerlab check`: validates lab files.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validate lab files.",
        discussion: """
            Prints every error of every file with its place, and ends with 2 when there is one. Warnings are for what
            is allowed and probably not meant, and for a lab that needs more memory than this machine has left: it
            cannot be run here.

            Example: peerlab check labs/*.yaml
            """)

    @Argument(help: "Labs: files or names.") var labs: [String]

    func run() throws {
        var isUsable = true
        for name in labs {
            do {
                let lab = try LabLibrary.standard().load(name, workloads: KnownWorkloads.all)
                for warning in lab.warnings { Output.message(warning.description) }
                let memory = MemoryEstimate(lab)
                if let obstacle = memory.obstacle { Output.message("\(Printable.line(name)): warning: \(obstacle)") }
                Output.result(
                    "\(Printable.line(name)): ok (\(NumberText.count(lab.topology.hosts.count, "host")), "
                        + "\(NumberText.count(lab.peers.count, "peer")), "
                        + "about \(NumberText.memory(memory.bytes)) of memory)")
            } catch {
                Output.messages(error)
                isUsable = false
            }
        }
        if !isUsable { throw ExitCode(ExitStatus.unusable.rawValue) }
    }
}

/// `peerlab labs`: lists the labs.
struct Labs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the labs.",
        discussion: "Example: peerlab labs --format json")

    @Option(help: "The form of the list: text or json.") var format: Format = .text

    func run() throws {
        Output.result(try Labs.list(format))
    }

    static func list(_ format: Format) throws -> String {
        let labs = LabLibrary.standard().list(workloads: KnownWorkloads.all)
        switch format {
        case .text:
            let lines = labs.map { (name: Printable.line($0.name), title: Printable.line($0.title)) }
            let width = lines.map(\.name.count).max() ?? 0
            return lines.map { line in
                line.name + String(repeating: " ", count: width - line.name.count + 2) + line.title
            }.joined(separator: "\n")
        case .json:
            return try JSONText(isPretty: true).string(
                labs.map { ["name": $0.name, "title": $0.title, "path": $0.path] })
        }
    }
}
