extension Benchmark {
    /// From starting `peerlab labs`, the program beside this one, to its end.
    static let startUp = Benchmark("start_up", .milliseconds) {
        let program = try Child.peerlab()
        return try seconds { _ = try Child.output(of: [program, "labs"]) } * 1_000
    }
}
