import PeerNetworking
import Testing

@testable import SimNetwork

/// Faults of processes, hosts and their clocks.
@Suite struct HostFaultTests {
    private let ms = FaultWorld.millisecond

    @Test func aProcessThatExitsLeavesAnEndOfStream() throws {
        let world = FaultWorld()
        world.at(203, .exit(world.server))
        let run = try world.run()
        #expect(run.said.filter { !$0.hasPrefix("server") } == ["connected", "end of stream"])
        #expect(run.fired(.processExit) == 1 && run.state.processes[Int(world.server.index)].state == .exited)
    }

    @Test func aKilledProcessIsRefusedUntilItIsRestarted() throws {
        let world = FaultWorld()
        world.at(203, .kill(world.server), lasts: 1_000)
        let transcript = world.hosts.transcript
        world.hosts.onClient("later") { providers in
            for time in [500, 1_500] as [Int64] {
                try? await providers.time.sleep(until: Instant(nanoseconds: time * 1_000_000))
                do {
                    let stream = try await providers.network.connect(to: Endpoint(host: "server", port: 80))
                    transcript.say("connected at \(time)")
                    await stream.close()
                } catch { transcript.say("\(code(error)) at \(time)") }
            }
        }
        let run = try world.run()
        #expect(run.said.contains("end of stream") && run.said.contains("connectionRefused at 500"))
        #expect(run.said.contains("connected at 1500"), "`for` ends a kill with a restart")
        #expect(run.fired(.processKill) == 1 && run.fired(.restart) == 1)
    }

    @Test func aPausedProcessIsAcknowledgedAndDoesNotAnswer() throws {
        let world = FaultWorld()
        world.at(203, .pause(world.server), lasts: 2_000)
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.roundTrips.max()! > 1_900 * ms)
        #expect(run.state.totals.retransmitted == 0, "its kernel goes on acknowledging")
    }

    @Test func powerLossIsSilenceAndAfterPowerOnAReset() throws {
        let world = FaultWorld(pings: 1_000)
        world.at(203, .powerLoss(world.hosts.server), lasts: 3_000)
        let run = try world.run()
        #expect(run.said.filter { !$0.hasPrefix("server") } == ["connected", "connectionReset"])
        #expect(run.lost(.noPower) > 1 && run.fired(.powerLoss) == 1 && run.fired(.powerOn) == 1)
    }

    @Test func aClockThatRunsFastCutsTimersShort() throws {
        let hosts = TwoHosts()
        let transcript = hosts.transcript
        hosts.onClient { providers in
            let begun = providers.time.now
            transcript.say("at \(begun.nanoseconds)")
            try? await providers.time.sleep(for: .seconds(100))
            transcript.say("slept \(providers.time.now.nanoseconds - begun.nanoseconds)")
        }
        // Ten seconds ahead, and a quarter faster.
        hosts.simulation.establish(.clockSkew(hosts.client, offset: 10_000_000_000, drift: 250_000_000))
        let run = try FaultWorld.run(hosts.simulation, until: 300, transcript)
        #expect(transcript.all == ["at 10000000000", "slept 100000000000"], "by its own clock all is well")
        #expect(run.state.time == 80_000_000_000, "and 80 s have passed")
        #expect(run.effects(.clockSkew) == 1)
    }

    @Test(arguments: [-500_000_000, -499_999_999, -3, 1, 7, 333_333_333, 500_000_000] as [Int64])
    func aClockShowsATimeAtItsTimeAndNotBefore(drift: Int64) {
        for number in 0..<1_000 as Range<Int64> {
            let clock = HostClock(offset: 17 - number, drift: drift, since: 1_000 * number)
            let reading = clock.since + clock.offset + 1 + number * 104_729
            let time = clock.time(showing: reading)
            #expect(clock.reading(at: time) >= reading && clock.reading(at: time - 1) < reading)
        }
        #expect(HostClock(drift: drift).time(showing: .max) > 2_592_000_000_000_000, "for ever, and no trap")
    }

    @Test(arguments: [-500_000_000, 250_000_001, 500_000_000] as [Int64])
    func aSleeperWakesWhenItsSkewedClockShowsTheTime(drift: Int64) throws {
        let hosts = TwoHosts()
        let transcript = hosts.transcript
        hosts.onClient { providers in
            for number in 1...300 {
                let deadline = providers.time.now.advanced(by: .nanoseconds(10_000_001 + number))
                try? await providers.time.sleep(until: deadline)
                transcript.say(providers.time.now < deadline ? "early" : "in time")
            }
        }
        hosts.simulation.establish(.clockSkew(hosts.client, offset: 0, drift: drift))
        _ = try FaultWorld.run(hosts.simulation, until: 300, transcript)
        #expect(transcript.all.count == 300 && Set(transcript.all) == ["in time"])
    }

    @Test(arguments: [(-3, 13), (0, 10), (4, 6), (8, 5)] as [(Int64, Int64)])
    func aSleepEndsByTheClockThatWasSetInTheMeantime(offset: Int64, end: Int64) throws {
        let hosts = TwoHosts()
        let transcript = hosts.transcript
        hosts.onClient { providers in
            try? await providers.time.sleep(until: Instant(nanoseconds: 10_000 * ms))
            transcript.say("shows \(providers.time.now.nanoseconds / 1_000_000_000)")
        }
        let set = Action.clockSkew(hosts.client, offset: offset * 1_000 * ms, drift: 0)
        hosts.simulation.schedule(set, at: Instant(nanoseconds: 5_000 * ms))
        let run = try FaultWorld.run(hosts.simulation, until: 300, transcript)
        #expect(transcript.all == ["shows \(max(10, 5 + offset))"])
        #expect(run.state.time == end * 1_000 * ms)
    }

    @Test func skewedClocksDifferBetweenHostsAlone() throws {
        let world = FaultWorld()
        world.network.establish(.clockSkew(world.hosts.client, offset: 0, drift: -100_000_000))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(Set(run.roundTrips.map { ($0 + 50_000) / 100_000 }) == [18], "2 ms seem 1.8 ms to a slow clock")
    }

    @Test func slowTimersAreLateAndNeverEarly() throws {
        let hosts = TwoHosts()
        let transcript = hosts.transcript
        hosts.onClient { providers in
            for _ in 0..<200 {
                let begun = providers.time.now
                try? await providers.time.sleep(for: .milliseconds(10))
                transcript.say("\((providers.time.now.nanoseconds - begun.nanoseconds) / 1_000_000)")
            }
        }
        hosts.simulation.establish(.slowTimers(hosts.client, Probability(0.5), most: 50 * ms))
        let run = try FaultWorld.run(hosts.simulation, until: 300, transcript)
        let slept = transcript.all.compactMap { Int($0) }
        #expect(slept.count == 200 && slept.min() == 10 && slept.max()! > 40 && slept.max()! <= 60)
        #expect(run.fault(.slowTimers)?.drawn == 200 && run.effects(.slowTimers) > 60)
    }
}
