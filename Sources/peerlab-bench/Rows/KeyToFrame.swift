import Foundation

extension Benchmark {
    /// From a key to the painted frame in tmux, the 99th percentile of 200 keys: of steps, and of letters that are typed while
    /// a world is rebuilt behind the screen.
    static let keyToFrame: [Benchmark] = [("step", 0), ("rebuilding", 200_000)].map { name, events in
        Benchmark("key_to_frame_\(name)", .milliseconds, warmsUp: false) {
            let program = try Child.peerlab()
            guard (try? Child.output(of: ["tmux", "-V"])) != nil else { throw NotMeasured("there is no tmux") }
            let script = String(decoding: PackageResources.key_to_frame_py, as: UTF8.self)
            let output = try Child.output(of: ["python3", "-c", script, program, "200", "\(events)"])
            guard let time = Double(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                throw NotMeasured("the script printed no figure")
            }
            return time
        }
    }
}
