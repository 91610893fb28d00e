import Foundation

extension Benchmark {
    /// From starting `peerlab labs`, the program beside this one, to its end.
    static let startUp = Benchmark("start_up", .milliseconds) {
        let folder = URL(fileURLWithPath: Child.executable).deletingLastPathComponent()
        let program = folder.appendingPathComponent("peerlab").path
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw NotMeasured("there is no peerlab beside peerlab-bench")
        }
        return try seconds { _ = try Child.output(of: [program, "labs"]) } * 1_000
    }
}
