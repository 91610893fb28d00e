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
            is allowed and probably not meant.

            Example: peerlab check labs/*.yaml
            """)

    @Argument(help: "Labs: files or names.") var labs: [String]

    func run() throws {
        var isUsable = true
        for name in labs {
            do {
                let lab = try LabLibrary.standard().load(name)
                for warning in lab.warnings { Output.message(warning.description) }
                Output.result(
                    "\(name): ok (\(NumberText.count(lab.topology.hosts.count, "host")), "
                        + "\(NumberText.count(lab.peers.count, "peer")))")
            } catch {
                Output.message(error.description)
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
        let labs = LabLibrary.standard().list()
        switch format {
        case .text:
            let width = labs.map(\.name.count).max() ?? 0
            return labs.map { lab in
                lab.name + String(repeating: " ", count: width - lab.name.count + 2) + lab.title
            }.joined(separator: "\n")
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let list = labs.map { ["name": $0.name, "title": $0.title, "path": $0.path] }
            return String(decoding: try encoder.encode(list), as: UTF8.self)
        }
    }
}
