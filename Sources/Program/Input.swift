import Foundation
import Lab

/// What commands read beside labs and recordings.
enum Input {
    /// A report that another run of this program has given, as JSON.
    ///
    /// - Throws: ``LabDiagnostic`` that says why it cannot be read.
    static func report(_ path: String) throws(LabDiagnostic) -> Data { try InputFile(path, .report).lines() }

    /// All of a script, from a file, a pipe, or standard input for `-`.
    ///
    /// - Throws: ``LabDiagnostic`` that says why it cannot be read.
    static func script(_ path: String) throws(LabDiagnostic) -> String {
        let bytes = try InputFile(path, .script).lines()
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw LabDiagnostic(file: path, message: "the file is not text in UTF-8")
        }
        return text
    }
}
