import Foundation
import Lab

/// What commands read beside labs: scripts and recordings.
enum Input {
    /// All of a file, of a pipe too, or of standard input for `-`.
    ///
    /// - Throws: ``LabDiagnostic`` that says why it cannot be read.
    static func read(_ path: String) throws(LabDiagnostic) -> Data {
        if path == "-" { return try read(FileHandle.standardInput, path) }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw LabDiagnostic(file: path, message: "there is no such file")
        }
        if isDirectory.boolValue { throw LabDiagnostic(file: path, message: "it is a directory") }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw LabDiagnostic(file: path, message: "the file cannot be opened")
        }
        defer { try? handle.close() }
        return try read(handle, path)
    }

    private static func read(_ handle: FileHandle, _ path: String) throws(LabDiagnostic) -> Data {
        // It says nil where nothing is in it.
        do { return try handle.readToEnd() ?? Data() } catch {
            throw LabDiagnostic(file: path, message: "the file cannot be read")
        }
    }

    /// All of a text file, as `read` has it.
    static func text(_ path: String) throws(LabDiagnostic) -> String {
        guard let text = String(data: try read(path), encoding: .utf8) else {
            throw LabDiagnostic(file: path, message: "the file is not text in UTF-8")
        }
        return text
    }
}
