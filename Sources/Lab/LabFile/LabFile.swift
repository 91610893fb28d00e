import Foundation
public import Workloads

/// Reads lab files: YAML of at most 1 MiB, checked against the schema before anything of it is used.
///
/// The article <doc:LabFiles> describes the schema.
public enum LabFile {
    /// Bytes of a lab file, at most: 1 MiB.
    public static let mostBytes = 1_048_576

    /// Reads a lab from its text.
    ///
    /// - Parameters:
    ///   - text: the YAML, at most 1 MiB in UTF-8.
    ///   - name: the file's name, for diagnostics.
    ///   - workloads: those that it may name.
    /// - Returns: the lab, with every name resolved and every value in range.
    /// - Throws: ``LabDiagnostics``: all violations of the schema in the order of the file, or a YAML error alone.
    public static func read(
        text: String, name: String, workloads: WorkloadRegistry = .shipped
    ) throws(LabDiagnostics) -> LabDefinition {
        var text = text
        text.makeContiguousUTF8()
        guard text.utf8.count <= mostBytes else { throw tooLarge(name) }
        if let nul = text.utf8.firstIndex(of: 0) { throw binary(name, before: text.utf8[..<nul]) }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }

        var reader = LabFileReader(file: name, source: text, workloads: workloads)
        let document: YAMLDocument
        do throws(YAMLDocument.SyntaxError) {
            document = try YAMLDocument(text)
        } catch {
            throw whole(name, error.message, at: error.place)
        }
        for problem in document.problems { reader.report(problem.place, problem.message) }
        // Where an anchor or a level too deep stands a value is missing, of which the schema would complain.
        if document.hasHoles, let failure = reader.failure { throw failure }
        guard let root = document.root, !root.isNull else {
            if let failure = reader.failure { throw failure }
            throw whole(
                name, "the file is empty; a lab needs at least 'lab' and 'hosts'", at: Place(line: 1, column: 1))
        }
        let definition = reader.definition(of: root, doubled: document.doubled)
        if let failure = reader.failure { throw failure }
        guard let definition else { throw whole(name, "the file is not a lab", at: root.place) }
        return definition
    }

    /// Reads a lab from the bytes of its file.
    ///
    /// - Parameters:
    ///   - bytes: at most 1 MiB of UTF-8.
    ///   - name: the file's name, for diagnostics.
    ///   - workloads: those that it may name.
    /// - Throws: ``LabDiagnostics``, as ``read(text:name:workloads:)`` does, and for what is too large or no text.
    public static func read(
        bytes: some Collection<UInt8>, name: String, workloads: WorkloadRegistry = .shipped
    ) throws(LabDiagnostics) -> LabDefinition {
        guard bytes.count <= mostBytes else { throw tooLarge(name) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let valid = validPrefix(of: Array(bytes))
            throw binary(name, before: valid)
        }
        return try read(text: text, name: name, workloads: workloads)
    }

    /// Reads a lab from a file.
    ///
    /// - Parameters:
    ///   - path: the file, or `-` for standard input; not more than 1 MiB and a byte is read of either.
    ///   - workloads: those that it may name.
    /// - Throws: ``LabDiagnostics``, as ``read(bytes:name:workloads:)`` does, and when the file cannot be read.
    public static func load(
        path: String, workloads: WorkloadRegistry = .shipped
    ) throws(LabDiagnostics) -> LabDefinition {
        try Whereabouts.reading(path, "lab file", command: "check") { () throws(LabDiagnostics) in
            try loadUnwatched(path, workloads)
        }
    }

    private static func loadUnwatched(
        _ path: String, _ workloads: WorkloadRegistry
    ) throws(LabDiagnostics) -> LabDefinition {
        let bytes: Data
        do throws(LabDiagnostic) {
            bytes = try InputFile(path, .lab).whole()
        } catch {
            throw LabDiagnostics([error])
        }
        if case .header? = RecordingLine(bytes.prefix { $0 != UInt8(ascii: "\n") }) {
            throw whole(path, "this is a recording and no lab; write: peerlab replay \(path)")
        }
        return try read(bytes: bytes, name: path, workloads: workloads)
    }

    // MARK: Diagnostics of a file as a whole

    private static func whole(_ name: String, _ message: String, at place: Place? = nil) -> LabDiagnostics {
        LabDiagnostics([
            LabDiagnostic(file: name, line: place?.line ?? 0, column: place?.column ?? 0, message: message)
        ])
    }

    private static func tooLarge(_ name: String) -> LabDiagnostics {
        whole(name, "the file is larger than 1 MiB, the most that a lab file may have")
    }

    private static func binary(_ name: String, before valid: some Collection<UInt8>) -> LabDiagnostics {
        var walk = PlaceWalk()
        for scalar in String(decoding: valid, as: UTF8.self).unicodeScalars { walk.pass(scalar) }
        return whole(name, "the file is not text in UTF-8", at: walk.place)
    }

    /// The bytes before the first that is not UTF-8.
    private static func validPrefix(of bytes: [UInt8]) -> ArraySlice<UInt8> {
        var iterator = bytes.makeIterator()
        var decoder = UTF8()
        var count = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            count += UTF8.width(scalar)
        }
        return bytes.prefix(count)
    }
}
