import Foundation
import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// All that a snapshot says at an event, as one number, and the parts by name for whoever has to find what differs.
private struct Look: Equatable {
    var event: Int
    var parts: [Int]

    static let names = [
        "state", "pending", "digest", "story", "expectations", "interventions", "time", "names", "record",
    ]

    init(_ snapshot: Snapshot) {
        event = snapshot.event
        let parts: [any Hashable] = [
            snapshot.world, snapshot.upcoming, snapshot.digest, snapshot.story, snapshot.expectations,
            snapshot.interventions, snapshot.reached, snapshot.world.names, snapshot.records[event: snapshot.event],
        ]
        self.parts = parts.map { AnyHashable($0).hashValue }
    }

    func difference(to other: Look) -> String {
        zip(Self.names, zip(parts, other.parts)).filter { $1.0 != $1.1 }.map(\.0).joined(separator: ", ")
    }
}

/// Runs a session event by event; then goes through all of it again along what is recorded, and back in leaps.
///
/// - Parameter stride: events from one that is compared to the next.
private func expectSamePast(_ session: SimSession, events: Int, every stride: Int = 1) throws {
    let first = session.snapshot.event
    var live: [Look] = []
    repeat {
        if (session.current?.number ?? 0) % stride == 0 { live.append(Look(session.snapshot)) }
    } while try (session.current?.number ?? 0) < events && session.step()
    // The lab's end is shown at the last event too: that is no event, and not gone back to.
    live.removeLast()
    var differences: [String] = []
    func compare(_ look: Look) {
        let past = Look(session.snapshot)
        if past != look { differences.append("event \(look.event): \(look.difference(to: past))") }
    }
    _ = try session.seek(to: .event(first))
    for look in live {
        while (session.current?.number ?? 0) < look.event, try session.step() {}
        compare(look)
    }
    for look in live.reversed().enumerated().filter({ $0.offset % 97 == 0 }).map(\.element) {
        _ = try session.seek(to: .event(look.event))
        compare(look)
    }
    #expect(differences.isEmpty, "\(session.lab.name): \(differences.count): \(differences.prefix(3))")
}

/// The past shows what the present showed: at every event of every lab, and of chaotic seeds.
@Suite struct PastTests {
    @Test(arguments: LabsOnDisk.names)
    func aLabShowsItsPastAsItsPresent(_ name: String) throws {
        let session = SimSession(lab: try LabsOnDisk.lab(name))
        defer { session.close() }
        try expectSamePast(session, events: 800)
    }

    @Test(arguments: [false, true])
    func chaoticSeedsShowTheirPastAsTheirPresent(_ shuffled: Bool) throws {
        var lab = try LabsOnDisk.lab("bench-chaos")
        if shuffled { lab.taskOrder = .shuffled }
        for seed in 1...100 as ClosedRange<UInt64> {
            let session = SimSession(lab: lab, seed: shuffled ? seed + 1_000 : seed)
            defer { session.close() }
            try expectSamePast(session, events: 250, every: 5)
        }
    }

    @Test func aTimelineWithInterventionsShowsItsPastAsItsPresent() throws {
        let session = SimSession(lab: try LabsOnDisk.lab("hello"))
        defer { session.close() }
        _ = try session.seek(to: .time(1_000_000_000))
        try session.intervene(.cut(LinkID(0), nil))
        _ = try session.seek(to: .time(1_500_000_000))
        try session.intervene(.heal(LinkID(0), nil))
        try expectSamePast(session, events: session.snapshot.event + 200)
        _ = try session.seek(to: .event(30))
        try session.intervene(.shape(LinkID(0), nil, .loss(.independent(Probability(0.3)))))
        try expectSamePast(session, events: session.snapshot.event + 200)
    }
}

/// The same over whole labs, and every event of two hundred chaotic seeds.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil))
struct PastSoakTests {
    @Test(arguments: LabsOnDisk.names)
    func everyEventOfALab(_ name: String) throws {
        let session = SimSession(lab: try LabsOnDisk.lab(name))
        defer { session.close() }
        try expectSamePast(session, events: .max)
    }

    @Test(arguments: [TaskOrder.fifo, .shuffled])
    func everyEventOfAHundredChaoticSeeds(_ order: TaskOrder) throws {
        var lab = try LabsOnDisk.lab("bench-chaos")
        lab.taskOrder = order
        for seed in 1...100 as ClosedRange<UInt64> {
            let session = SimSession(lab: lab, seed: order == .fifo ? seed : seed + 1_000)
            defer { session.close() }
            try expectSamePast(session, events: .max)
        }
    }
}
