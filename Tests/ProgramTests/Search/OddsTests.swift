import Foundation
import Testing

/// `peerlab odds`: how probable a failure was, from moment to moment.
@Suite struct OddsTests {
    /// A run fails once a connection is closed under its application, which a draw decides at each of some calls.
    private static let lab = """
        lab: unlucky
        duration: 6s
        hosts: [client, server]
        links:
          - {between: [client, server], latency: 1ms}
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 100ms, size: 64}}}
        faults:
          - {at: 2s, close: ping, probability: 0.1, for: 400ms}
        expect:
          - ping reconnects at most 0 times
        """

    private func failingSeed(_ lab: String) throws -> Int {
        let result = try SweepTests.sweep(of: lab, ["--seeds", "1..40", "--format", "json"])
        let groups = try Program.object(result.output)["groups"] as? [[String: Any]] ?? []
        return try #require((groups.first?["seeds"] as? [Int])?.first, "\(result.output)\(result.errors)")
    }

    @Test func whereAFailureBecameLikelyAndCertain() throws {
        let seed = try failingSeed(Self.lab)
        try Program.withFile(Self.lab) { lab in
            let result = try Program.run(
                ["odds", "\(lab)@\(seed)", "--futures", "12", "--moments", "10", "--format", "json"])
            #expect(result.ended(with: 0), "\(result.errors)")
            let report = try Program.object(result.output)
            let moments = report["moments"] as? [[String: Any]] ?? []
            let failed = moments.compactMap { $0["failed"] as? Int }
            let times = moments.compactMap { $0["t_ns"] as? Int }
            #expect(failed.last == 12 && failed.count <= 10 && failed.count > 2)
            // Before anything is drawn it is as likely as at the beginning, for all futures are the same ones.
            #expect(Set(zip(times, failed).filter { $0.0 < 2_000_000_000 }.map(\.1)).count == 1)
            #expect(try #require(failed.first) < 12)
            for moment in moments {
                let (low, high) = (moment["low"] as? Double ?? 2, moment["high"] as? Double ?? -1)
                let share = Double(moment["failed"] as? Int ?? 99) / 12
                #expect(low <= share && share <= high && low >= 0 && high <= 1)
            }
            let certain = try #require(report["certain"] as? Int)
            let likely = try #require(report["likely"] as? [String: Any])
            #expect(likely["by"] as? Int == certain)
            // What it became certain by is told, and is the close of the connection.
            #expect((likely["events"] as? [String])?.isEmpty == false)
            // The same is said again, by any number of processes.
            let again = try Program.run(
                [
                    "odds", "\(lab)@\(seed)", "--futures", "12", "--moments", "10", "--format", "json", "--jobs", "3",
                ])
            #expect(again.output == result.output)
        }
    }

    @Test func aRunThatDoesNotFailHasNoOdds() throws {
        let result = try Program.run(["odds", "hello@1"])
        #expect(result.ended(with: 2) && result.errors.contains("the run does not fail"), "\(result.errors)")
    }
}
