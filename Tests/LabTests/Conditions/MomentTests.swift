import SimNetwork
import Testing

@testable import Lab

/// That something has happened is known of a state and of the records alike.
@Suite struct MomentTests {
    @Test(arguments: ["bench-chaos", "cut", "jobs", "publish", "exactly-once"])
    func aStateHoldsWhatHasHappened(_ name: String) throws {
        let session = SimSession(lab: try LabsOnDisk.lab(name))
        defer { session.close() }
        var moments: [Condition] = [.fault(nil), .message(.delivered), .message(.dropped)]
        moments += FaultFamily.allCases.map { .fault($0) }
        var happened = Set<Int>()
        while try session.step() {
            let record = try #require(session.current)
            let world = session.snapshot.world
            for (index, moment) in moments.enumerated() {
                if moment.happens(in: record) { happened.insert(index) }
                guard moment.holds(in: world) != happened.contains(index) else { continue }
                Issue.record("\(moment) after #\(record.number): the state says \(moment.holds(in: world))")
                return
            }
            if record.number > 3_000 { break }
        }
        #expect(happened.count > 2)
    }

    /// An intervention that sets something and one that fires by force are each something done on purpose.
    @Test func whatIsDoneByHandIsAFault() throws {
        for line in ["loss client-server 0.5", "cut client-server", "force peer.flush.late"] {
            let session = SimSession(lab: try LabsOnDisk.lab("hello"))
            defer { session.close() }
            _ = try session.seek(to: .time(1_000_000_000))
            try session.intervene(try ActionSyntax(lab: session.lab).action(line))
            _ = try session.seek(to: .time(3_000_000_000))
            let snapshot = session.snapshot
            let hasHappened = (1...snapshot.event).contains { number in
                Condition.fault(nil).happens(in: snapshot.records[event: number])
            }
            #expect(Condition.fault(nil).holds(in: snapshot.world) == hasHappened, "\(line)")
        }
    }
}
