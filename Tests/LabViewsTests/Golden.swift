import Foundation
import Screen
import Testing

/// Text files that frames are compared with; `PEERLAB_UPDATE_GOLDENS=1` writes them anew.
enum Golden {
    static let isUpdating = ProcessInfo.processInfo.environment["PEERLAB_UPDATE_GOLDENS"] == "1"

    static func check(_ text: String, _ name: String, location: SourceLocation = #_sourceLocation) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/\(name).txt")
        try check(text, file: file, location: location)
    }

    static func check(_ text: String, file: URL, location: SourceLocation = #_sourceLocation) throws {
        if isUpdating {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return
        }
        guard let data = FileManager.default.contents(atPath: file.path(percentEncoded: false)) else {
            Issue.record(
                "no golden \(file.lastPathComponent); PEERLAB_UPDATE_GOLDENS=1 writes it", sourceLocation: location)
            return
        }
        let expected = String(decoding: data, as: UTF8.self)
        guard expected != text else { return }
        let lines = zip(
            expected.split(separator: "\n", omittingEmptySubsequences: false),
            text.split(separator: "\n", omittingEmptySubsequences: false))
        let first = lines.first { $0 != $1 }.map { "\nexpected: \($0)\nfound:    \($1)" } ?? ""
        Issue.record("\(file.lastPathComponent) differs\(first)", sourceLocation: location)
    }
}
