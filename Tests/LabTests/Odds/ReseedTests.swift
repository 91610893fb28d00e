import Foundation
import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// A run that is given another seed has the same past and another future.
@Suite struct ReseedTests {
    private static let text = """
        lab: reseeded
        seed: 4
        duration: 6s
        hosts: [a, b]
        links: [{between: [a, b], latency: {uniform: [1ms, 20ms]}, loss: 0.2}]
        peers:
          - {name: echo, on: b, listen: 80, run: echo}
          - {name: ping, on: a, connect: "b:80", run: {ping-pong: {every: 50ms}}}
        chaos: {mode: all, only: [reset, clog], interval: 1s}
        expect: [ping is connected]
        """

    private func session(at event: Int, seed: Int64?) throws -> SimSession {
        let session = SimSession(lab: try LabFile.read(text: Self.text, name: "reseeded"))
        _ = try session.seek(to: .event(event))
        if let seed { try session.intervene(.reseed(seed)) }
        _ = try session.seek(to: .time(.max))
        return session
    }

    /// The draws behind an event: for each site and subject the values.
    private func draws(_ snapshot: Snapshot, behind event: Int) -> [DrawRecord] {
        (event + 1...snapshot.records.count).flatMap { number in
            snapshot.records[event: number].changes.compactMap { if case .draw(let draw) = $0 { draw } else { nil } }
        }
    }

    @Test func thePastIsTheSameAndTheFutureAnother() throws {
        let event = 60
        let (plain, other, again) = (
            try session(at: event, seed: nil).snapshot, try session(at: event, seed: 9).snapshot,
            try session(at: event, seed: 9).snapshot
        )
        for number in 1...event { #expect(plain.records.isSame(number, in: other.records)) }
        #expect(other.digest == again.digest && other.digest != plain.digest)
        let (before, after) = (draws(plain, behind: event), draws(other, behind: event + 1))
        #expect(before.count > 20 && after.count > 20)
        // The numbers of the draws go on: the first of a link's segments are the same segments, drawn for otherwise.
        #expect(before.first?.site == after.first?.site && before.first?.number == after.first?.number)
        #expect(before.first?.value != after.first?.value)
        #expect(before.map(\.value) != after.map(\.value))
    }

    @Test func theSeedItselfChangesNothing() throws {
        let (plain, same) = (try session(at: 60, seed: nil).snapshot, try session(at: 60, seed: 4).snapshot)
        #expect(draws(plain, behind: 60) == draws(same, behind: 61))
    }

    @Test func aRecordingHasIt() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID()).peerlab").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = SimSession(lab: try LabFile.read(text: Self.text, name: "reseeded"))
        try session.record(to: path)
        _ = try session.seek(to: .event(60))
        try session.intervene(.reseed(9))
        _ = try session.seek(to: .time(.max))
        session.close()
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains(#""do":"reseed 9""#))
        let (replayed, divergence) = try Replay.run(try Recording(path: path))
        #expect(divergence == nil && replayed.snapshot.records.count > 61)
    }
}
