import NIOCore
import PeerNetworking
import SimNetwork
import Testing
import TCP

@Suite struct TCPTests {
    @Test func aHandshakeTakesThreeSegmentsAndBothEndsAreEstablished() throws {
        let world = TwoHosts()
        world.serve { stream, _ in _ = try await stream.read(upTo: 1) }
        world.connect { stream, providers in
            try await providers.time.sleep(for: .seconds(1))
            await stream.close()
        }
        var state = world.simulation.beginning()
        var flags: [String] = []
        while let record = try world.simulation.step(until: Instant(nanoseconds: 10_000_000)) {
            state.apply(record)
            for case .sent(let segment) in record.changes { flags.append(segment.flags.description) }
        }
        #expect(flags == ["SYN", "SYN-ACK", "ACK"])
        #expect(state.connections.first?.client.state == .established)
        #expect(state.connections.first?.server.state == .established)
    }

    @Test func connectingWhereNobodyListensIsRefused() throws {
        let world = TwoHosts()
        world.connect { _, _ in }
        try world.run()
        #expect(world.transcript.all == ["client: connectionRefused"])
    }

    @Test func aSecondListenerOnAPortIsRefused() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.onServer { providers in
            let endpoint = Endpoint(host: "server", port: 80)
            do {
                let first = try await providers.network.listen(on: endpoint)
                do { _ = try await providers.network.listen(on: endpoint) } catch { transcript.say(code(error)) }
                await first.close()
                _ = try await providers.network.listen(on: endpoint)
                transcript.say("again")
            } catch { transcript.say("unexpected \(error)") }
        }
        try world.run()
        #expect(transcript.all == ["addressInUse", "again"])
    }

    @Test func noLinkNoRoute() throws {
        var topology = Topology()
        let lonely = topology.addHost("lonely")
        _ = topology.addHost("server")
        let simulation = Simulation(topology: topology, seed: 1)
        let transcript = Transcript()
        simulation.addProcess("client", on: lonely) { providers in
            for host in ["server", "nowhere"] {
                do { _ = try await providers.network.connect(to: Endpoint(host: host, port: 80)) } catch {
                    transcript.say(code(error))
                }
            }
        }
        try simulation.run()
        #expect(transcript.all == ["networkUnreachable", "nameNotFound"])
    }

    @Test func halfCloseLeavesTheOtherDirectionOpen() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.serve { stream, _ in
            var got = ""
            while let part = try await stream.read(upTo: 100) { got += text(part) }
            transcript.say("server got \(got)")
            try await stream.write(ByteBuffer(string: "answer"))
            await stream.close()
        }
        world.connect { stream, _ in
            try await stream.write(ByteBuffer(string: "question"))
            try await stream.shutdownWrite()
            transcript.say("client got \(text(try await stream.read(upTo: 100)))")
            transcript.say("then \(text(try await stream.read(upTo: 100)))")
            do { try await stream.write(bytes(1)) } catch { transcript.say(code(error)) }
        }
        try world.run()
        #expect(
            transcript.all == [
                "connected", "server got question", "client got answer", "then end of stream", "brokenPipe",
            ])
    }

    @Test func closingWithUnreadBytesResets() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.serve { stream, providers in
            try await providers.time.sleep(for: .seconds(1))
            await stream.close()
        }
        world.connect { stream, providers in
            try await stream.write(bytes(10))
            do { _ = try await stream.read(upTo: 10) } catch { transcript.say("first \(code(error))") }
            transcript.say("second \(text(try await stream.read(upTo: 10)))")
            do { try await stream.write(bytes(1)) } catch { transcript.say("write \(code(error))") }
        }
        try world.run()
        #expect(transcript.all == ["connected", "first connectionReset", "second end of stream", "write brokenPipe"])
    }

    @Test func aClosedConnectionIsForgottenAfterItsTime() throws {
        let world = TwoHosts()
        world.serve(echo)
        world.connect { stream, _ in
            try await stream.write(bytes(10))
            _ = try await stream.read(upTo: 10)
            await stream.close()
        }
        try world.run(seconds: 30)
        #expect(world.simulation.liveConnections == 1, "the side that closed first waits in TIME-WAIT")
        try world.run(seconds: 100)
        #expect(world.simulation.liveConnections == 0)
        #expect(world.simulation.liveTimers == 0)
    }

    @Test func aCutOf800MillisecondsCostsTimeAndNotAByte() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        let total = 2_000_000
        world.serve { stream, providers in
            var received = 0
            var sum = 0
            while let part = try await stream.read(upTo: 65_536) {
                for byte in part.readableBytesView {
                    sum = (sum &* 31 &+ Int(byte)) % 1_000_003
                    received += 1
                }
            }
            transcript.say("\(received) \(sum)")
            transcript.say("at \(providers.time.now.nanoseconds / 1_000_000) ms")
            await stream.close()
        }
        var expected = 0
        for index in 0..<total { expected = (expected &* 31 &+ index % 251) % 1_000_003 }
        world.connect { stream, _ in
            var index = 0
            while index < total {
                var chunk = ByteBuffer()
                for place in index..<index + 10_000 { chunk.writeInteger(UInt8(place % 251)) }
                try await stream.write(chunk)
                index += 10_000
            }
            await stream.close()
        }
        world.simulation.schedule(.cut(world.link, nil), at: Instant(nanoseconds: 20_000_000))
        world.simulation.schedule(.heal(world.link, nil), at: Instant(nanoseconds: 820_000_000))
        try world.run()
        #expect(transcript.all.contains("\(total) \(expected)"))
        let time = transcript.all.last.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        #expect((820...2_000).contains(time), "the outage and at most one doubled timeout: \(time) ms")
    }

    @Test func synsAreRepeatedAndThenConnectTimesOut() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.serve(echo)
        world.onClient { providers in
            do { _ = try await providers.network.connect(to: Endpoint(host: "server", port: 80)) } catch {
                transcript.say("\(code(error)) at \(providers.time.now.nanoseconds / 1_000_000_000) s")
            }
        }
        world.simulation.schedule(.cut(world.link, .forward), at: .zero)
        try world.run()
        #expect(transcript.all == ["timedOut at 131 s"], "ten repeated SYNs, as Linux does")
    }

    @Test func aSlowReaderClosesTheWindowAndTheWriterWaits() throws {
        var small = TCPOptions()
        small.receiveBuffer = 4_096
        small.sendBuffer = 4_096
        let world = TwoHosts(clientTCP: small, serverTCP: small)
        let transcript = world.transcript
        world.serve { stream, providers in
            try await providers.time.sleep(for: .seconds(30))
            var received = 0
            while let part = try await stream.read(upTo: 1_000) { received += part.readableBytes }
            transcript.say("received \(received)")
        }
        world.connect { stream, providers in
            try await stream.write(bytes(20_000))
            transcript.say("written at \(providers.time.now.nanoseconds / 1_000_000_000) s")
            await stream.close()
        }
        var state = world.simulation.beginning()
        while let record = try world.simulation.step(until: Instant(nanoseconds: 29_000_000_000)) {
            state.apply(record)
        }
        let received = try #require(state.connections.first?.server.levels.received)
        #expect(received == 2_896, "of 4,096 bytes as many as whole segments fill, and what is left is no window")
        #expect(state.connections.first?.client.levels.sendQueued == 4_096, "the send buffer is full")
        #expect(state.connections.first?.client.levels.inFlight == 0, "nothing is sent into a closed window")
        try world.run()
        #expect(transcript.all == ["connected", "written at 30 s", "received 20000"])
    }

    @Test func powerLossIsSilentAndLaterSegmentsAreReset() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.serve(echo)
        world.connect { stream, providers in
            try await providers.time.sleep(until: Instant(nanoseconds: 3_000_000_000))
            try await stream.write(bytes(10))
            transcript.say("written into silence")
            _ = try await stream.read(upTo: 10)
        }
        world.simulation.schedule(.powerLoss(world.server), at: Instant(nanoseconds: 1_000_000_000))
        world.simulation.schedule(.powerOn(world.server), at: Instant(nanoseconds: 5_000_000_000))
        var state = world.simulation.beginning()
        while let record = try world.simulation.step(until: Instant(nanoseconds: 4_000_000_000)) { state.apply(record) }
        #expect(state.connections.first?.isHalfOpen == true)
        try world.run()
        #expect(transcript.all.first == "connected")
        #expect(transcript.all.suffix(2) == ["written into silence", "client: connectionReset"])
    }

    @Test func aFullBacklogDoesNotHearTheEndOfAHandshake() throws {
        var options = TCPOptions()
        options.backlog = 2
        let world = TwoHosts(serverTCP: options)
        let transcript = world.transcript
        world.onServer { providers in
            do {
                let listener = try await providers.network.listen(on: Endpoint(host: "server", port: 80))
                try await providers.time.sleep(for: .milliseconds(1_500))
                var accepted: [any ByteStream] = []
                while true {
                    let stream = try await listener.accept() as any ByteStream
                    accepted.append(stream)
                    transcript.say("accepted at \(providers.time.now.nanoseconds / 1_000_000) ms")
                }
            } catch { transcript.say("server: \(code(error))") }
        }
        for index in 0..<5 {
            world.onClient("client \(index)") { providers in
                do {
                    if index > 1 { try await providers.time.sleep(for: .milliseconds(10)) }
                    _ = try await providers.network.connect(to: Endpoint(host: "server", port: 80))
                    transcript.say("\(index) at \(providers.time.now.nanoseconds / 1_000_000) ms")
                    try await providers.time.sleep(for: .seconds(10))
                } catch { transcript.say("\(index) \(code(error))") }
            }
        }
        try world.run(seconds: 20)
        #expect(
            transcript.all.filter { $0.hasSuffix("at 2 ms") || $0.hasSuffix("at 12 ms") }.count == 5,
            "the accept queue holds three, and all five clients believe in a connection")
        #expect(
            transcript.all.filter { $0.hasPrefix("accepted") } == [
                "accepted at 1500 ms", "accepted at 1500 ms", "accepted at 1500 ms", "accepted at 3013 ms",
                "accepted at 3013 ms",
            ], "the SYN-ACKs of 3 s are answered when there is room")
    }

    @Test func theLossOfAQuarterOfAllSegmentsLosesNoByte() throws {
        let world = TwoHosts(seed: 5, loss: 0.25)
        let transcript = world.transcript
        world.serve(echo)
        world.connect { stream, _ in
            let sent = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
            try await stream.write(ByteBuffer(bytes: sent[..<60_000]))
            var received: [UInt8] = []
            while received.count < 60_000, let part = try await stream.read(upTo: 65_536) {
                received += part.readableBytesView
            }
            transcript.say("equal \(received == Array(sent[..<60_000]))")
            await stream.close()
        }
        var lost = 0
        while let record = try world.simulation.step(until: Instant(nanoseconds: 600_000_000_000)) {
            for case .lost(_, .loss) in record.changes { lost += 1 }
        }
        #expect(lost > 10)
        #expect(transcript.all == ["connected", "equal true"])
    }
}
