import Foundation
import PeerNetworking
import SimNetwork
import TCP
import Testing

@testable import Lab

/// What is done by hand to one segment that is on its way: in the simulation, and to one of the kernel's own.
@Suite(
    "A segment by hand", .serialized, .enabled(if: LinuxHosts.obstacle == nil, "\(LinuxHosts.obstacle ?? "")"))
struct WireHandTests {
    /// A message of the client's that is on its way.
    private struct Caught {
        let number: Int64
        let ordinal: Int64
        let sent: Int64
    }

    private static let millisecond: Int64 = 1_000_000

    /// Runs the trial, and does something to the first message that is sent after half a second.
    ///
    /// - Parameter act: makes the action; nil for none.
    private func run(
        on provider: ProviderKind, _ act: (Caught) -> Action?
    ) throws -> (happened: WireTrial.Happened, caught: Caught) {
        // Long enough on its way for a hand to catch it.
        let session = try WireTrial(faults: [], latency: "60ms").open(on: provider)
        defer { session.close() }
        var caught: Caught?
        var goal: Int64 = 0
        while !session.snapshot.isOver {
            goal = provider == .sim ? min(goal + Self.millisecond, session.lab.duration) : session.lab.duration
            _ = try session.seek(to: .time(goal), budget: 5_000)
            if provider != .sim { usleep(1_000) }
            let world = session.snapshot.world
            guard caught == nil, world.time > 500 * Self.millisecond,
                let segment = world.segments.last(where: {
                    $0.from == .client && $0.length > 0 && $0.arrives - world.time > 40 * Self.millisecond
                })
            else { continue }
            caught = Caught(number: segment.number, ordinal: segment.ordinal, sent: world.time)
            if let action = caught.flatMap(act) { try session.intervene(action) }
        }
        return (WireTrial.Happened(session.snapshot), try #require(caught))
    }

    /// When a segment came to the end of the link that it was on, in milliseconds since it was caught; nil where it never did.
    private func arrival(of caught: Caught, in happened: WireTrial.Happened) -> Int64? {
        happened.changes.first { entry in
            switch entry.change {
            case .arrived(caught.number), .forwarded(caught.number, _, _, _): entry.time >= caught.sent
            default: false
            }
        }.map { ($0.time - caught.sent) / Self.millisecond }
    }

    @Test("A segment that nothing is done to arrives in its time", arguments: [ProviderKind.sim, .linux])
    func nothing(on provider: ProviderKind) throws {
        let (happened, caught) = try run(on: provider) { _ in nil }
        #expect((40..<100).contains(try #require(arrival(of: caught, in: happened))))
        #expect(happened.repeated == 0 && happened.lost(.dropped) == 0)
    }

    @Test("A segment that is dropped is sent again", arguments: [ProviderKind.sim, .linux])
    func drop(on provider: ProviderKind) throws {
        let (happened, caught) = try run(on: provider) { .drop(ConnectionID(1), from: .client, ordinal: $0.ordinal) }
        #expect(arrival(of: caught, in: happened) == nil)
        #expect(happened.lost(.dropped) == 1 && happened.repeated > 0)
        #expect(happened.roundTrips.contains { $0 > 350 })
    }

    @Test(
        "A segment that is put off arrives so much later, past those behind it", arguments: [ProviderKind.sim, .linux])
    func delay(on provider: ProviderKind) throws {
        let (happened, caught) = try run(on: provider) {
            .delay(ConnectionID(1), from: .client, ordinal: $0.ordinal, by: 400 * Self.millisecond)
        }
        #expect(try #require(arrival(of: caught, in: happened)) >= 400)
        #expect(happened.lost(.dropped) == 0)
        // It was taken for lost meanwhile.
        #expect(happened.repeated > 0)
    }

    @Test("A segment that is delivered is there at once", arguments: [ProviderKind.sim, .linux])
    func deliver(on provider: ProviderKind) throws {
        let (happened, caught) = try run(on: provider) {
            .deliver(ConnectionID(1), from: .client, ordinal: $0.ordinal)
        }
        #expect(try #require(arrival(of: caught, in: happened)) < 30)
    }
}
