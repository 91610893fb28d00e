import Lab
import SimNetwork
import Testing

/// The past is a fold over records: going there and back again shows what was shown.
@Suite struct TimelineTests {
    @Test(arguments: ["cut", "half-open"])
    func goingBackShowsWhatWasShown(name: String) throws {
        let lab = try LabsOnDisk.lab(name)
        let session = SimSession(lab: lab)
        defer { session.close() }
        var states: [WorldState] = [session.snapshot.world]
        while try session.step() { states.append(session.snapshot.world) }
        let digest = session.digest
        for event in states.indices.reversed() {
            #expect(session.snapshot.world == states[event], "event \(event)")
            #expect(session.stepBack() == (event > 0))
        }
        for event in [states.count / 2, 3, states.count - 1, 0, 100] {
            _ = try session.seek(to: .event(event))
            #expect(session.snapshot.world == states[event])
        }
        #expect(session.digest == digest, "going back rebuilds nothing")
    }

    @Test func aLongRunIsFoldedFromKeyframes() throws {
        let lab = try LabsOnDisk.lab(
            "full-queue", replacing: [("duration: 20s", "duration: 60s"), ("count: 1200", "count: 7000")])
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(lab.duration))
        let snapshot = session.snapshot
        #expect(snapshot.event > 20_500)
        var fold = WorldState(hosts: 2, links: 1)
        fold.applyArranged(of: snapshot.records)
        for number in 1...snapshot.event {
            fold.applyNext(of: snapshot.records)
            if [1, 9_999, 10_000, 10_001, 20_000, 20_500].contains(number) {
                _ = try session.seek(to: .event(number))
                #expect(session.snapshot.world == fold, "event \(number)")
            }
        }
    }

    @Test func seekingToATimeStopsAtTheLastEventBeforeIt() throws {
        let lab = try LabsOnDisk.lab("cut")
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(2_345_000_000))
        let snapshot = session.snapshot
        #expect(snapshot.world.time <= 2_345_000_000)
        #expect(snapshot.upcoming.first.map { $0.time > 2_345_000_000 } == true)
        _ = try session.seek(to: .time(5_000_000_000))
        _ = try session.seek(to: .time(2_345_000_000))
        #expect(session.snapshot.event == snapshot.event)
        #expect(session.snapshot.world == snapshot.world)
    }

    @Test func whatWasPendingIsShownInThePastToo() throws {
        let lab = try LabsOnDisk.lab("hello")
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(1_000_000_000))
        let live = session.snapshot.upcoming
        _ = try session.seek(to: .time(3_000_000_000))
        _ = try session.seek(to: .time(1_000_000_000))
        let past = session.snapshot.upcoming
        #expect(!past.isEmpty)
        #expect(past.first?.time == live.first?.time)
    }

    @Test(arguments: ["hello", "partition", "half-open"])
    func aStepBackForgetsNothingThatWasPending(_ name: String) throws {
        let session = SimSession(lab: try LabsOnDisk.lab(name))
        defer { session.close() }
        _ = try session.seek(to: .event(200))
        for _ in 0..<20 {
            let event = session.snapshot.event
            try session.step()
            let live = session.snapshot.upcoming
            session.stepBack()
            let past = session.snapshot.upcoming
            // What the event did not set or send was pending before it.
            for pending in live where pending.cause <= event {
                #expect(past.contains { $0.time == pending.time && $0.what == pending.what }, "\(pending)")
            }
            try session.step()
        }
    }
}
