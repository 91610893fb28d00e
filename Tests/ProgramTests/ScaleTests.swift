import Foundation
import Testing

/// Large labs run, or are refused with a number.
@Suite struct ScaleTests {
    private static func mesh(_ count: Int) -> String {
        """
        lab: mesh
        duration: 20ms
        hosts: {h: {count: \(count)}}
        links: [{between: ["h-*", "h-*"], latency: 3ms}]
        peers: [{name: node, on: "h-*", listen: 4500, run: heartbeat-mesh}]

        """
    }

    @Test("What does not fit is refused with its size, and a warning to who checks it")
    func refusal() throws {
        let limit = ["sh", "-c", "ulimit -v 8000000 && exec \"$0\" \"$@\""]
        try Program.withFile(Self.mesh(1_000)) { lab in
            let run = try Program.run(["run", lab], through: limit)
            #expect(run.ended(with: 2), "\(run)")
            #expect(
                run.errors.hasPrefix("error: this lab needs 37.") && run.errors.contains("499500 connections"), "\(run)"
            )
            let check = try Program.run(["check", lab], through: limit)
            #expect(check.ended(with: 0) && check.errors.contains("warning: this lab needs 37."), "\(check)")
        }
    }
}
