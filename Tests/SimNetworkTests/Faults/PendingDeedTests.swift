import NIOCore
import PeerNetworking
import SimNetwork
import Testing

/// What is pending and no segment is due at once, put off or taken away by hand.
@Suite struct PendingDeedTests {
    /// A client that sleeps a second, and what was said up to some seconds.
    private func sleeper(_ act: (UpcomingEvent) -> Action) throws -> (said: [String], event: EventRecord) {
        let world = TwoHosts()
        let transcript = world.transcript
        world.onClient { providers in
            try? await providers.time.sleep(for: .seconds(1))
            transcript.say("awake at \(providers.time.now.nanoseconds)")
        }
        try world.run(seconds: 0.1)
        let timer = try #require(
            world.simulation.upcoming(limit: .max).first { if case .timer = $0.what { true } else { false } })
        let event = try world.simulation.perform(act(timer), at: Instant(nanoseconds: 100_000_000))
        try world.run(seconds: 10)
        return (transcript.all, event)
    }

    @Test func aTaskWakesAtOnce() throws {
        let (said, event) = try sleeper { .deliver(pending: $0.place) }
        #expect(said == ["awake at \(event.time)"])
    }

    @Test func aTaskWakesLater() throws {
        #expect(try sleeper { .delay(pending: $0.place, by: 500_000_000) }.said == ["awake at 1500000000"])
    }

    /// The end of time has nothing behind it.
    @Test func whatIsNeverDueIsPutOff() throws {
        let world = TwoHosts()
        world.onClient { providers in try? await providers.time.sleep(until: Instant(nanoseconds: .max)) }
        try world.run(seconds: 0.1)
        let timer = try #require(world.simulation.upcoming(limit: .max).first)
        try world.simulation.perform(.delay(pending: timer.place, by: 1_000))
        #expect(world.simulation.upcoming(limit: .max).map(\.time) == [.max])
    }

    @Test func aTaskDoesNotWake() throws {
        #expect(try sleeper { .drop(pending: $0.place) }.said.isEmpty)
    }

    /// What is moved keeps its owner: who waits for something else, with the timer as its limit, takes the timer away.
    @Test func whoHasATimerTakesAwayOneThatWasMoved() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.onClient { providers in
            let signal = providers.tasks.makeSignal()
            providers.tasks.start("notifier") {
                try? await providers.time.sleep(for: .seconds(2))
                signal.notify()
            }
            try? await signal.wait(until: providers.time.now.advanced(by: .seconds(1)), for: "limit")
            transcript.say("on at \(providers.time.now.nanoseconds)")
            try? await providers.time.sleep(for: .seconds(20))
            transcript.say("slept until \(providers.time.now.nanoseconds)")
        }
        try world.run(seconds: 0.1)
        let limit = try #require(
            world.simulation.upcoming(limit: .max).first {
                if case .timer(_, let task) = $0.what { task.contains("limit") } else { false }
            })
        try world.simulation.perform(.delay(pending: limit.place, by: 5_000_000_000))
        try world.run(seconds: 60)
        #expect(transcript.all == ["on at 2000000000", "slept until 22000000000"])
    }

    /// A segment is lost: the retransmission timer that is due at once sends it again at once, one that is taken away never.
    @Test(arguments: [true, false])
    func aRetransmissionTimer(isDelivered: Bool) throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.serve { stream, _ in
            while let bytes = try await stream.read(upTo: 100) { transcript.say("read \(bytes.readableBytes)") }
        }
        world.connect { stream, providers in
            try await providers.time.sleep(for: .seconds(1))
            try await stream.write(bytes(10))
            try await providers.time.sleep(for: .seconds(1_000))
        }
        try world.run(seconds: 0.9)
        try world.simulation.perform(.cut(world.link, nil))
        try world.run(seconds: 1.01)
        try world.simulation.perform(.heal(world.link, nil))
        let timer = try #require(
            world.simulation.upcoming(limit: .max).first {
                if case .end(_, .client, _) = $0.what { true } else { false }
            })
        try world.simulation.perform(isDelivered ? .deliver(pending: timer.place) : .drop(pending: timer.place))
        try world.run(seconds: 1.02)
        #expect(transcript.contains("read 10") == isDelivered)
        try world.run(seconds: 900)
        #expect(transcript.contains("read 10") == isDelivered)
    }

    @Test func aScheduledActionIsTakenAway() throws {
        for isDropped in [true, false] {
            let world = TwoHosts()
            world.simulation.schedule(.cut(world.link, nil), at: Instant(nanoseconds: 5_000_000_000))
            world.onClient { providers in try? await providers.time.sleep(for: .seconds(20)) }
            try world.run(seconds: 0.1)
            let action = try #require(
                world.simulation.upcoming(limit: .max).first { if case .action = $0.what { true } else { false } })
            try world.simulation.perform(isDropped ? .drop(pending: action.place) : .deliver(pending: action.place))
            try world.run(seconds: 1)
            #expect(world.simulation.structure.links[0].forwardCut == !isDropped)
            try world.run(seconds: 10)
            #expect(world.simulation.structure.links[0].forwardCut == !isDropped)
        }
    }

    @Test func whatIsNotPendingIsAnError() throws {
        let world = TwoHosts()
        world.onClient { providers in try? await providers.time.sleep(for: .seconds(20)) }
        try world.run(seconds: 0.1)
        let digest = world.simulation.digest
        #expect(throws: ActionError.self) { try world.simulation.perform(.deliver(pending: 999_999)) }
        #expect(world.simulation.digest == digest)
    }
}
