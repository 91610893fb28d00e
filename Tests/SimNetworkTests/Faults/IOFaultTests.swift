import NIOCore
import PeerNetworking
import SimNetwork
import Testing
import TCP

/// Faults of open connections and of the calls on them.
@Suite struct IOFaultTests {
    private let ms = FaultWorld.millisecond

    /// What both ends hear when the client's calls are closed under it: the client's words, then the server's.
    private func close(_ close: RandomClose) throws -> (client: [String], server: [String], run: FaultRun) {
        let hosts = TwoHosts()
        let transcript = hosts.transcript
        hosts.serve { stream, _ in
            do {
                while let part = try await stream.read(upTo: 100) {
                    transcript.say("server: read \(part.readableBytes)")
                }
                transcript.say("server: end of stream")
            } catch { transcript.say("server: \(code(error))") }
            await stream.close()
        }
        let client = hosts.connect { stream, providers in
            for _ in 0..<4 {
                do {
                    try await stream.write(bytes(10))
                    transcript.say("wrote")
                } catch { transcript.say(code(error)) }
                try await providers.time.sleep(for: .milliseconds(10))
            }
            do { transcript.say(text(try await stream.read(upTo: 1))) } catch { transcript.say("read \(code(error))") }
            await stream.close()
        }
        hosts.simulation.schedule(
            .close(.process(client), close), at: Instant(nanoseconds: 5 * ms))
        let run = try FaultWorld.run(hosts.simulation, until: 100, transcript)
        return (
            transcript.all.filter { !$0.hasPrefix("server") && $0 != "connected" },
            transcript.all.filter { $0.hasPrefix("server") }, run
        )
    }

    @Test func closedAtBothEndsAtOnceWithAReset() throws {
        let heard = try close(RandomClose(.always))
        #expect(heard.client == ["wrote", "connectionReset", "brokenPipe", "brokenPipe", "end of stream"])
        #expect(heard.server == ["server: read 10", "server: connectionReset"])
        #expect(heard.run.effects(.close) == 1)
    }

    @Test func closedOnNextUse() throws {
        let heard = try close(RandomClose(.always, onNextUse: true))
        #expect(heard.client == ["wrote", "wrote", "connectionReset", "brokenPipe", "end of stream"])
    }

    @Test func closedWhereOnlyThisEndLearnsOfIt() throws {
        let heard = try close(RandomClose(.always, learns: .this))
        #expect(heard.client == ["wrote", "connectionReset", "brokenPipe", "brokenPipe", "end of stream"])
        #expect(heard.server == ["server: read 10"], "it waits: nobody has told it")
    }

    @Test func closedWhereOnlyTheOtherEndLearnsOfIt() throws {
        let heard = try close(RandomClose(.always, learns: .other))
        #expect(heard.server == ["server: read 10", "server: connectionReset"])
        #expect(heard.client.prefix(2) == ["wrote", "wrote"], "its own kernel still takes bytes")
        #expect(heard.client.contains("connectionReset"), "and is told by the other's when they arrive")
    }

    @Test func closedWithACleanEnd() throws {
        let heard = try close(RandomClose(.always, manner: .end))
        #expect(heard.server == ["server: read 10", "server: end of stream"])
        #expect(heard.client == ["wrote", "brokenPipe", "brokenPipe", "brokenPipe", "end of stream"])
    }

    @Test func aResetIsSeenAtBothEnds() throws {
        let world = FaultWorld()
        world.at(200, .reset(.process(world.client)))
        let run = try world.run()
        #expect(run.said.contains("connectionReset") && run.said.contains("server: connectionReset"))
        #expect(run.fired(.reset) == 1)
    }

    @Test func aHalfClosedConnectionStillCarriesTheOtherWay() throws {
        let hosts = TwoHosts()
        let transcript = hosts.transcript
        hosts.serve { stream, providers in
            while let part = try await stream.read(upTo: 100) { transcript.say("server reads \(part.readableBytes)") }
            transcript.say("server: end of stream")
            try await stream.write(bytes(7))
            await stream.close()
        }
        let client = hosts.connect { stream, providers in
            try await stream.write(bytes(5))
            try await providers.time.sleep(for: .milliseconds(100))
            do { try await stream.write(bytes(5)) } catch { transcript.say("write: \(code(error))") }
            while let part = try await stream.read(upTo: 100) { transcript.say("client reads \(part.readableBytes)") }
            transcript.say("end of stream")
        }
        hosts.simulation.schedule(.halfClose(.process(client)), at: Instant(nanoseconds: 50 * ms))
        let run = try FaultWorld.run(hosts.simulation, until: 10, transcript)
        #expect(
            transcript.all == [
                "connected", "server reads 5", "server: end of stream", "write: brokenPipe", "client reads 7",
                "end of stream",
            ])
        #expect(run.fired(.halfClose) == 1)
    }

    @Test func aHalfOpenConnectionIsSilence() throws {
        let world = FaultWorld(pings: 1_000)
        world.at(200, .halfOpen(.process(world.server)))
        let run = try world.run(seconds: 2_000)
        #expect(
            run.said.contains("connected") && run.said.last == "timedOut", "the client is never answered: \(run.said)")
        #expect(run.lost(.silence) >= 16, "it repeats as often as Linux does")
        #expect(run.state.totals.reset == 1, "the dead end alone was told of a reset")
    }

    @Test func shortReadsGiveFewBytes() throws {
        let world = FaultWorld(pings: 3)
        world.network.establish(.shortRead(.process(world.client), ShortIO(largest: 7)))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        let sizes = world.hosts.transcript.all.compactMap { $0.hasPrefix("read ") ? Int($0.dropFirst(5)) : nil }
        #expect(sizes.max() == 7 && sizes.count == 3 * 143)
        #expect(run.effects(.shortRead) > 3 * 140)
    }

    @Test func shortWritesReachTheOtherSideInPieces() throws {
        let world = FaultWorld(pings: 3)
        world.network.establish(.shortWrite(.host(world.hosts.client), ShortIO(largest: 100)))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        let sizes = run.changes.compactMap { change -> Int32? in
            guard case .sent(let segment) = change, segment.from == .client, segment.length > 0 else { return nil }
            return segment.length
        }
        #expect(sizes.max() == 100 && sizes.count == 30)
        #expect(run.effects(.shortWrite) == 27, "nine of the ten pieces of each ping are short writes")
    }

    @Test func aSlowReaderFillsTheBuffersAndTheWriterWaits() throws {
        var tcp = TCPOptions.sendingAtOnce
        tcp.receiveBuffer = 4_096
        let hosts = TwoHosts(clientTCP: tcp, serverTCP: tcp)
        let transcript = hosts.transcript
        hosts.serve { stream, _ in while try await stream.read(upTo: 4_096) != nil {} }
        hosts.connect { stream, providers in
            try await stream.write(bytes(100_000))
            transcript.say("written by \(providers.time.now.nanoseconds / FaultWorld.second)")
        }
        hosts.simulation.establish(.slowReader(.host(hosts.server), bytesPerSecond: 2_000))
        let run = try FaultWorld.run(hosts.simulation, until: 100, transcript)
        #expect(transcript.contains("written by 16") || transcript.contains("written by 15"), "\(transcript.all)")
        #expect(run.effects(.slowReader) > 10)
    }

    @Test func slowReadsOfOneConnectionLeaveOthersAlone() throws {
        let hosts = TwoHosts()
        let transcript = hosts.transcript
        hosts.serve { stream, providers in
            while try await stream.read(upTo: 4_096) != nil {}
            transcript.say("\(stream.connection) read by \(providers.time.now.nanoseconds / FaultWorld.second)")
            await stream.close()
        }
        hosts.onClient { providers in
            for _ in 0..<2 {
                guard let stream = try? await providers.network.connect(to: Endpoint(host: "server", port: 80)) else {
                    return
                }
                providers.tasks.start("send") {
                    try? await providers.time.sleep(until: Instant(nanoseconds: 100_000_000))
                    try? await stream.write(bytes(10_000))
                    await stream.close()
                }
            }
        }
        hosts.simulation.schedule(
            .slowReader(.connection(ConnectionID(1)), bytesPerSecond: 1_000), at: Instant(nanoseconds: 50_000_000))
        _ = try FaultWorld.run(hosts.simulation, until: 100, transcript)
        #expect(transcript.all == ["c2 read by 0", "c1 read by 10"])
    }

    @Test func aFaultOfOneConnectionThatIsLiftedLeavesThoseOfItsProcess() throws {
        let world = FaultWorld(pings: 10)
        world.network.establish(.shortRead(.process(world.client), ShortIO(largest: 100)))
        world.at(20, .slowReader(.connection(ConnectionID(1)), bytesPerSecond: 100_000))
        world.at(30, .slowReader(.connection(ConnectionID(1)), bytesPerSecond: 0))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.effects(.shortRead) >= 80, "before and after, each ping is read in ten pieces")
    }

    @Test func readsAreShortAndSlowAtOnce() throws {
        let world = FaultWorld(pings: 10)
        world.network.establish(.slowReader(.process(world.client), bytesPerSecond: 100_000))
        world.network.establish(.shortRead(.process(world.client), ShortIO(largest: 100)))
        let run = try world.run()
        let reads = world.hosts.transcript.all.compactMap { $0.hasPrefix("read ") ? Int($0.dropFirst(5)) : nil }
        #expect(reads.max() == 100 && run.effects(.slowReader) > 50 && run.effects(.shortRead) > 50)
        #expect(run.roundTrips.min()! >= 9 * FaultWorld.millisecond, "1,000 bytes at 100 a millisecond")
    }
}
