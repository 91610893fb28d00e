import Foundation
import Lab
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

    private static func star(_ count: Int, peers: Bool) -> String {
        """
        lab: star
        duration: 50ms
        hosts: {server: {backlog: 65535}, client: {count: \(count)}}
        links: [{between: ["client-*", server], latency: 5ms}]

        """
            + (peers
                ? """
                peers:
                  - {name: echo, on: server, listen: 4500, run: echo}
                  - {name: ping, on: "client-*", connect: "server:4500", run: ping-pong}

                """ : "")
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

    @Test("What its workloads hold at once counts: 20,000 requests of 1,000 KiB are refused")
    func refusalOfMessages() throws {
        let lab = """
            lab: many
            hosts: [a]
            peers:
              - {name: server, on: a, listen: 1, run: request-response}
              - {name: one, on: a, connect: "a:1", run: {request-response: {parallel: 10000, size: 1000 KiB}}}
              - {name: two, on: a, connect: "a:1", run: {request-response: {parallel: 10000, size: 1000 KiB}}}

            """
        try Program.withFile(lab) { lab in
            let run = try Program.run(["run", lab], through: ["sh", "-c", "ulimit -v 8000000 && exec \"$0\" \"$@\""])
            #expect(run.ended(with: 2), "\(run)")
            #expect(
                run.errors.hasPrefix("error: this lab needs 38.")
                    && run.errors.contains("messages of 38.1 GiB at once"), "\(run)")
        }
    }

    @Test(
        "The estimate of a lab's memory is within a factor of two and a half of what it takes",
        arguments: [star(20_000, peers: false), star(500, peers: true), mesh(25)])
    func estimate(_ text: String) throws {
        let estimate = try MemoryEstimate(LabFile.read(text: text, name: "lab")).bytes
        try Program.withFile(text) { lab in
            let peak = try Program.measured(["run", lab]).memory
            #expect(peak < estimate * 5 / 2 && estimate < peak * 5 / 2, "\(peak) bytes, and \(estimate) estimated")
        }
    }
}
