import PeerNetworking
import SimNetwork
import Testing

/// Faults of connecting: what the caller of `connect` sees.
@Suite struct ConnectFaultTests {
    private let second = FaultWorld.second

    @Test func refusedConnectionsSayConnectionRefused() throws {
        let world = FaultWorld()
        world.network.establish(.refuse(ServiceScope(world.hosts.server, port: 80), .always))
        let run = try world.run()
        #expect(run.said == ["connectionRefused"])
        #expect(run.fault(.refuse)?.set == 1 && run.fired(.refuse) == 1)
        #expect(run.fault(.refuse)?.drawn == 1 && run.effects(.refuse) == 1)
        #expect(run.state.time == 2 * FaultWorld.millisecond)
    }

    @Test func anotherPortIsNotRefused() throws {
        let world = FaultWorld()
        world.network.establish(.refuse(ServiceScope(world.hosts.server, port: 81), .always))
        #expect(try world.run().said == ["connected", "done"])
    }

    @Test func connectHangsToItsTimeout() throws {
        let world = FaultWorld()
        world.network.establish(.connectHang(ServiceScope(world.hosts.server), .always))
        let run = try world.run()
        #expect(run.said == ["timedOut"])
        #expect(run.state.time == 131 * second, "four times a second, then doubling, as Linux of today")
        #expect(run.lost(.ignored) == 11 && run.fault(.connectHang)?.drawn == 1, "one draw decides for all its SYNs")
    }

    @Test func aConnectionIsDecidedForOnce() throws {
        let seeds = 1...40 as ClosedRange<UInt64>
        var refused = 0
        for seed in seeds {
            let world = FaultWorld(seed: seed, pings: 1)
            let full = Action.backlogFull(ServiceScope(world.hosts.server, port: 80), true)
            world.network.establish(full)
            world.network.establish(.refuse(ServiceScope(world.hosts.server, port: 80), Probability(0.5)))
            world.at(2_000, full.inverse!)
            let run = try world.run()
            #expect(run.fault(.refuse)?.drawn == 1, "its repeated SYNs fare as the first did (seed \(seed))")
            #expect(run.said.last == "connectionRefused" || run.lost(.backlogFull) == 2)
            if run.said.last == "connectionRefused" { refused += 1 }
        }
        // The 99.9 % interval of 40 draws at 0.5.
        #expect((10...30).contains(refused), "\(refused) of 40 were refused")
    }

    @Test func aFullBacklogIsTriedAgainAndThenTimesOut() throws {
        let world = FaultWorld()
        let full = Action.backlogFull(ServiceScope(world.hosts.server, port: 80), true)
        world.network.establish(full)
        world.at(2_000, full.inverse!)
        let run = try world.run()
        #expect(run.said == ["connected", "done"], "the third SYN finds room")
        #expect(run.lost(.backlogFull) == 2)

        let forGood = FaultWorld()
        forGood.network.establish(full)
        #expect(try forGood.run().said == ["timedOut"])
    }

    @Test(arguments: [
        (NameFailure.notFound, "nameNotFound", Int64(0)), (.temporary, "timedOut", 0),
        (.slow(60_000_000_000), "timedOut", 10_000_000_000),
    ])
    func namesFailToResolve(failure: NameFailure, code: String, at time: Int64) throws {
        let world = FaultWorld()
        world.network.establish(.nameError(world.hosts.server, failure, .always))
        let run = try world.run()
        #expect(run.said == [code])
        #expect(run.state.time == time)
        #expect(run.fault(.nameError)?.drawn == 1 && run.effects(.nameError) == 1)
    }

    @Test func aSlowNameIsLateAndThenThere() throws {
        let world = FaultWorld(pings: 1)
        world.network.establish(.nameError(world.hosts.server, .slow(3 * second), .always))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.state.connections.isEmpty && run.state.time > 3 * second)
    }

    @Test func resolveFailsAsConnectDoes() throws {
        let hosts = TwoHosts()
        let transcript = hosts.transcript
        hosts.onClient { providers in
            do { transcript.say(try await providers.network.resolve("server")) } catch { transcript.say(code(error)) }
        }
        hosts.simulation.establish(.nameError(hosts.server, .notFound, .always))
        try hosts.run()
        #expect(transcript.all == ["nameNotFound"])
    }

    // MARK: What runs out

    /// A client that opens connections until it may not, then closes one and tries again.
    private func exhaust(_ resource: HostLimits.Resource, _ limit: Int64) throws -> FaultRun {
        let hosts = TwoHosts()
        hosts.serve(echo)
        let transcript = hosts.transcript
        hosts.onClient { providers in
            var streams: [any ByteStream] = []
            while streams.count < 20 {
                do {
                    streams.append(try await providers.network.connect(to: Endpoint(host: "server", port: 80)))
                } catch {
                    transcript.say("\(streams.count) open, then \(code(error))")
                    break
                }
            }
            for stream in streams {
                do {
                    try await stream.write(bytes(100))
                    if try await stream.read(upTo: 100) == nil { transcript.say("end of stream") }
                } catch { transcript.say(code(error)) }
            }
            await streams.first?.reset()
            try? await providers.time.sleep(for: .milliseconds(1))
            do {
                streams.append(try await providers.network.connect(to: Endpoint(host: "server", port: 80)))
                transcript.say("one more")
            } catch { transcript.say(code(error)) }
            for stream in streams { await stream.close() }
        }
        hosts.simulation.establish(.exhaust(hosts.client, resource, limit))
        return try FaultWorld.run(hosts.simulation, until: 300, transcript)
    }

    @Test func withoutSocketsConnectFailsAndTheOpenOnesGoOn() throws {
        let run = try exhaust(.sockets, 3)
        #expect(run.said.filter { !$0.hasPrefix("server") } == ["3 open, then tooManyOpenFiles", "one more"])
        #expect(run.effects(.exhaust) == 1)
    }

    @Test func withoutPortsConnectFailsAndTheOpenOnesGoOn() throws {
        let run = try exhaust(.ports, 3)
        #expect(run.said.filter { !$0.hasPrefix("server") } == ["3 open, then addressNotAvailable", "one more"])
    }

    @Test func aListenerWithoutSocketsServesThoseItHasAndAcceptsAgain() throws {
        let hosts = TwoHosts()
        let transcript = hosts.transcript
        hosts.onServer { providers in
            guard let listener = try? await providers.network.listen(on: Endpoint(host: "server", port: 80)) else {
                return
            }
            while true {
                do throws(NetworkError) {
                    let stream: any ByteStream = try await listener.accept()
                    providers.tasks.start("session") { try? await echo(stream, providers) }
                } catch {
                    guard error.code == .tooManyOpenFiles else { return }
                    transcript.say("server: \(error.code.rawValue)")
                    try? await providers.time.sleep(for: .milliseconds(100))
                }
            }
        }
        hosts.onClient { providers in
            for number in 0..<6 {
                providers.tasks.start("client \(number)") {
                    do {
                        let stream = try await providers.network.connect(to: Endpoint(host: "server", port: 80))
                        try await stream.write(bytes(10))
                        _ = try await stream.read(upTo: 10)
                        transcript.say("echoed")
                        try await providers.time.sleep(for: .seconds(1))
                        await stream.close()
                    } catch { transcript.say(code(error)) }
                }
            }
        }
        // The listener and two connections.
        hosts.simulation.establish(.exhaust(hosts.server, .sockets, 3))
        let run = try FaultWorld.run(hosts.simulation, until: 300, transcript)
        #expect(run.said.count { $0 == "echoed" } == 6, "nothing is lost: they wait in the backlog")
        #expect(run.said.contains("server: tooManyOpenFiles") && run.effects(.exhaust) > 0)
    }

    /// A server that waits for a socket to listen with listens once there is one, unless it was closed meanwhile.
    @Test(arguments: [false, true])
    func aServerWithoutASocketListensLater(closes: Bool) throws {
        let hosts = TwoHosts()
        let exhaust = Action.exhaust(hosts.server, .sockets, 0)
        hosts.simulation.schedule(ScheduledAction(exhaust, .at(0), lasts: 2 * second))
        let transcript = hosts.transcript
        hosts.onServer { providers in
            try? await providers.time.sleep(for: .milliseconds(1))
            let server = PeerServer(
                name: "server", on: Endpoint(host: "server", port: 80), config: .test, providers: providers
            ) { _, _ in }
            providers.tasks.start("run") {
                do {
                    try await server.run()
                    transcript.say("over")
                } catch { transcript.say(code(error)) }
            }
            if closes {
                try? await providers.time.sleep(for: .seconds(1))
                await server.close()
            }
        }
        let run = try FaultWorld.run(hosts.simulation, until: 5, transcript)
        #expect(run.state.listeners.isEmpty == closes)
        #expect(run.said == (closes ? ["over"] : []))
    }

    @Test func withoutBufferMemoryWritesFailAndWhatArrivesIsRepeated() throws {
        let writing = FaultWorld()
        writing.at(200, .exhaust(writing.hosts.client, .memory, 500))
        #expect(try writing.run().said == ["connected", "noBufferSpace"])

        let connecting = FaultWorld()
        connecting.network.establish(.exhaust(connecting.hosts.client, .memory, 0))
        #expect(try connecting.run().said == ["noBufferSpace"])

        let receiving = FaultWorld()
        receiving.at(200, .exhaust(receiving.hosts.server, .memory, 500), lasts: 500)
        let run = try receiving.run()
        #expect(run.said == ["connected", "done"], "TCP repeats what found no room")
        #expect(run.lost(.noMemory) > 0 && run.roundTrips.max()! > 400 * FaultWorld.millisecond)
    }
}
