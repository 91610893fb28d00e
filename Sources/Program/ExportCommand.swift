import ArgumentParser
import Foundation
import Lab
import PeerNetworking
import SimNetwork

/// `peerlab export`: writes a run for other programs.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a run for other programs: packets, a trace, a picture, a diagram, records, a script.",
        discussion: """
            The run is that of a recording, or of a lab and a seed. pcapng is for Wireshark and tshark, perfetto for \
            Perfetto and chrome://tracing, svg a space-time diagram with a time–sequence graph, mermaid a sequence diagram, \
            jsonl the records, pkt a connection's life as a script for drill and packetdrill. --to is given once with a form, and once more with a time where the end is not shown. Ends \
            with 2 where what is asked for makes no export; then an older file is as it was.

            Example: peerlab export half-open@7 --to pcapng -o half-open.pcapng --from 4s --to 6s
            """)

    @Argument(help: ArgumentHelp("A recording, or a lab; LAB@SEED is the lab with a seed.", valueName: "run"))
    var subject: String
    @Option(
        help: ArgumentHelp(
            "The form: pcapng, perfetto, svg, mermaid, jsonl or pkt. Again, with a time: show nothing after it.",
            valueName: "form|time"),
        transform: ExportTarget.read)
    var to: [ExportTarget] = []
    @Option(name: .shortAndLong, help: "The file that is written.") var output: String
    @Option(
        parsing: .unconditional, help: "Show nothing before a time of the run, for example 4s.",
        transform: Units.readDuration)
    var from: Int64?
    @Option(
        help: "Show one connection's segments alone, for example c1.", transform: ExportTarget.readConnection)
    var connection: ConnectionID?
    @Option(parsing: .unconditional, help: "The seed, instead of the lab's own.", transform: Seed.read) var seed: Seed?

    private var formats: [ExportFormat] { to.compactMap { if case .format(let format) = $0 { format } else { nil } } }
    private var ends: [Int64] { to.compactMap { if case .end(let time) = $0 { time } else { nil } } }

    func validate() throws {
        guard formats.count == 1 else {
            throw ValidationError("--to takes one form: \(ExportTarget.formats).")
        }
        if ends.count > 1 { throw ValidationError("--to takes one time.") }
        if let from, let end = ends.first, end < from { throw ValidationError("--to is before --from.") }
        if output == "-" { throw ValidationError("-o takes a file.") }
    }

    func run() throws {
        var files = FilesInUse()
        let source = try RunSource(subject, seed: seed, &files)
        var scope = ExportScope(source.lab, seed: source.seed)
        scope.times = (from ?? 0)...(ends.first ?? .max)
        scope.connection = connection
        var file: OutputFile?
        try Output.writing("the export", to: output) { () throws(UnwritableFile) in
            try files.writes(output, "the export")
            file = try OutputFile(output)
        }
        guard let file else { return }
        let export = Export(formats[0], of: scope) { bytes throws(UnwritableFile) in try file.append(bytes) }
        try feed(export, source)
        do throws(SessionError) {
            try export.finish()
        } catch {
            throw Failure(status: .unusable, message: "\(subject): error: \(error)")
        }
        try Output.writing("the export", to: output) { () throws(UnwritableFile) in try file.finish() }
    }

    /// Has an export take all of a run in: that of a lab as it happens, so that nothing of it is kept.
    private func feed(_ export: Export, _ source: RunSource) throws {
        if case .lab = source {
            try source.session(memory: .latest, followedBy: export).close()
            return
        }
        let session = try source.session(memory: .standard)
        defer { session.close() }
        export.takes(session.snapshot)
    }
}

/// What `--to` says: the form, or the last time that is shown.
enum ExportTarget {
    case format(ExportFormat)
    case end(Int64)

    /// The forms, in words.
    static let formats = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")

    /// Reads one.
    ///
    /// - Throws: ``SessionError`` that says what there is, with what was perhaps meant.
    static func read(_ text: String) throws(SessionError) -> ExportTarget {
        if let format = ExportFormat(rawValue: text) { return .format(format) }
        guard text.first?.isNumber != true else { return .end(try Units.readDuration(text)) }
        let offer = Suggestion.offer(
            for: text, among: ExportFormat.allCases.map(\.rawValue), all: "a form is one of \(formats)")
        throw SessionError("there is no form \(quoted(text))\(offer)")
    }

    /// Reads a connection's name.
    ///
    /// - Throws: ``SessionError`` that says what one looks like.
    static func readConnection(_ text: String) throws(SessionError) -> ConnectionID {
        guard text.first == "c", let number = UInt32(text.dropFirst()), number > 0 else {
            throw SessionError("a connection is c and its number, as in 'c1'")
        }
        return ConnectionID(number)
    }
}
