import Foundation
import Lab

/// The labs of the repository, as text and read.
enum LabsOnDisk {
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("labs")

    /// Those of a client and a server on one link.
    static let pairs = ["hello", "cut", "half-open", "full-queue", "circuit"]
    static let names =
        pairs + [
            "exactly-once", "partition", "bottleneck", "bench-chaos", "requests", "publish", "jobs", "mesh",
            "slow-start",
        ]
    static func text(_ name: String) throws -> String {
        try String(contentsOf: directory.appendingPathComponent("\(name).yaml"), encoding: .utf8)
    }

    static func lab(_ name: String) throws -> LabDefinition {
        try LabFile.read(text: try text(name), name: "\(name).yaml")
    }

    /// A lab with parts of its text replaced.
    static func lab(_ name: String, replacing parts: [(String, String)]) throws -> LabDefinition {
        var text = try text(name)
        for (old, new) in parts {
            precondition(text.contains(old), "\(name) has no '\(old)'")
            text = text.replacingOccurrences(of: old, with: new)
        }
        return try LabFile.read(text: text, name: "\(name).yaml")
    }
}
