import Foundation

/// The scripts that hold on both sides.
enum Scripts {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Drill")

    /// All of them, by chapter and name.
    static let all: [String] = {
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".pkt") }.sorted()
    }()
}
