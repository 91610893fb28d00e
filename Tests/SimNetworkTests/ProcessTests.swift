import NIOCore
import PeerNetworking
import SimNetwork
import Testing
import TCP

@Suite struct ProcessTests {
    @Test func aKilledProcessSendsFinAndItsHandlesAreDead() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.serve { stream, providers in
            transcript.say("server read \(text(try await stream.read(upTo: 10)))")
        }
        let client = world.connect { stream, providers in
            do { try await providers.time.sleep(for: .seconds(100)) } catch { transcript.say("sleep \(code(error))") }
            do { try await stream.write(bytes(5)) } catch { transcript.say("write \(code(error))") }
            do { try await providers.time.sleep(for: .seconds(100)) } catch { transcript.say("again \(code(error))") }
        }
        world.simulation.schedule(.kill(client), at: Instant(nanoseconds: 1_000_000_000))
        try world.run(seconds: 5)
        #expect(
            transcript.all == [
                "connected", "sleep cancelled", "write cancelled", "again cancelled", "server read end of stream",
            ])
    }

    /// A world holds its processes, they hold their programs: what is left of one keeps them alive. It ends while a process
    /// listens, has connections in its backlog and accepted ones, sleeps and waits for its children.
    @Test(arguments: [0.0, 0.5, 2, 30])
    func aWorldThatEndsLeavesNothing(seconds: Double) throws {
        let live = LiveCount()
        do {
            let world = TwoHosts()
            let (server, client) = (LiveCount.Token(live), LiveCount.Token(live))
            let killed = world.onServer("killed") { providers in
                withExtendedLifetime(server) {}
                let listener = try? await providers.network.listen(on: Endpoint(host: "server", port: 81))
                _ = try? await listener?.accept()
            }
            world.serve { stream, _ in
                withExtendedLifetime(server) {}
                while try await stream.read(upTo: 10) != nil {}
            }
            world.onServer("deaf") { providers in
                withExtendedLifetime(server) {}
                _ = try? await providers.network.listen(on: Endpoint(host: "server", port: 82))
                try? await providers.time.sleep(for: .seconds(100))
            }
            world.onClient { providers in
                withExtendedLifetime(client) {}
                for port: UInt16 in [80, 81, 82, 82] {
                    providers.tasks.start("to \(port)") {
                        let stream = try? await providers.network.connect(to: Endpoint(host: "server", port: port))
                        _ = try? await stream?.read(upTo: 10)
                    }
                }
                try? await providers.time.sleep(for: .seconds(100))
            }
            world.simulation.schedule(.kill(killed), at: Instant(nanoseconds: 1_000_000_000))
            world.simulation.schedule(.powerLoss(world.server), at: Instant(nanoseconds: 20_000_000_000))
            world.simulation.schedule(.powerOn(world.server), at: Instant(nanoseconds: 21_000_000_000))
            if seconds > 0 { try world.run(seconds: seconds) }
            #expect(live.count == 2)
            world.simulation.shutDown()
        }
        #expect(live.count == 0)
    }

    @Test func tasksOfAKilledProcessUnwindInTheOrderOfTheirCreation() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        let process = world.onClient { providers in
            for index in 0..<5 {
                providers.tasks.start("sleeper \(index)") {
                    try? await providers.time.sleep(for: .seconds(100))
                    transcript.say("\(index)")
                }
            }
        }
        world.simulation.schedule(.kill(process), at: Instant(nanoseconds: 1))
        try world.run()
        #expect(transcript.all == ["0", "1", "2", "3", "4"])
        #expect(world.simulation.liveTasks == 0)
    }

    @Test func aPausedProcessDoesNothingWhileItsKernelAcknowledges() throws {
        var small = TCPOptions()
        small.receiveBuffer = 4_096
        let world = TwoHosts(serverTCP: small)
        let transcript = world.transcript
        let server = world.serve { stream, _ in
            var received = 0
            while let part = try await stream.read(upTo: 65_536) { received += part.readableBytes }
            transcript.say("received \(received)")
        }
        world.connect { stream, providers in
            try await providers.time.sleep(for: .seconds(2))
            try await stream.write(bytes(10_000))
            await stream.close()
        }
        world.simulation.schedule(.pause(server), at: Instant(nanoseconds: 1_000_000_000))
        world.simulation.schedule(.resume(server), at: Instant(nanoseconds: 9_000_000_000))
        var state = world.simulation.beginning()
        while let record = try world.simulation.step(until: Instant(nanoseconds: 8_000_000_000)) { state.apply(record) }
        let received = try #require(state.connections.first?.server.levels.received)
        #expect(received == 2_896, "of 4,096 bytes as many as whole segments fill, and what is left is no window")
        #expect(state.processes[0].state == .paused)
        try world.run()
        #expect(transcript.all == ["connected", "received 10000"])
    }

    @Test func cancellingATaskWakesWhatItWaitsForAndNoOther() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.serve { stream, providers in _ = try await stream.read(upTo: 1) }
        world.connect { stream, providers in
            let signal = providers.tasks.makeSignal()
            let reader = providers.tasks.start("reader") {
                do { _ = try await stream.read(upTo: 1) } catch { transcript.say("reader \(code(error))") }
            }
            let waiter = providers.tasks.start("waiter") {
                do { try await signal.wait() } catch { transcript.say("waiter \(code(error))") }
            }
            let other = providers.tasks.start("other") {
                do { try await signal.wait(); transcript.say("other woken") } catch {
                    transcript.say("other \(code(error))")
                }
            }
            try await providers.time.sleep(for: .seconds(1))
            reader.cancel()
            waiter.cancel()
            await reader.finished()
            await waiter.finished()
            signal.notify()
            await other.finished()
        }
        try world.run(seconds: 5)
        #expect(transcript.all == ["connected", "reader cancelled", "waiter cancelled", "other woken"])
    }

    @Test func aTaskThatSpinsEndsTheRunWithItsName() throws {
        var options = SimulationOptions()
        options.jobBudget = 10_000
        let world = TwoHosts(options: options)
        world.onClient("spinner") { _ in while true { await Task.yield() } }
        #expect(throws: SimulationError.jobBudgetExceeded(process: "client/spinner", tasks: ["main"], budget: 10_000)) {
            try world.run()
        }
    }

    /// It never gives up its turn, so no budget of jobs finds it.
    @Test func aTaskThatDoesMoreThanARecordHoldsEndsTheRunWithItsName() throws {
        var options = SimulationOptions()
        options.recordBudget = 10_000
        let world = TwoHosts(options: options)
        world.onClient("talker") { providers in
            let number = providers.observer.register("talker", queueCapacity: 1)
            var said: UInt64 = 0
            while (try? await providers.time.sleep(for: .zero)) != nil {
                said += 1
                providers.observer.note(.progress(done: said, of: 0), of: number)
            }
        }
        #expect(
            throws: SimulationError.recordBudgetExceeded(
                process: "client/talker", task: "main", latest: "progress", budget: 10_000)
        ) { try world.run() }
    }

    /// What it does is soon told: no budget of bytes finds it before there is much to read.
    @Test(arguments: ["talker", "session"])
    func aTaskThatChangesMoreThanAnEventMayEndsTheRunWithItsName(name: String) throws {
        var options = SimulationOptions()
        options.changeBudget = 1_000
        let world = TwoHosts(options: options)
        world.onClient(name) { providers in
            let number = providers.observer.register(name, queueCapacity: 1)
            let session = PeerSession(connection: ConnectionID(1), depth: 0)
            while (try? await providers.time.sleep(for: .zero)) != nil {
                if name == "session" {
                    providers.observer.note(.heartbeatMissed, of: number, in: session)
                } else {
                    providers.observer.note(.heartbeatMissed, of: number)
                }
            }
        }
        #expect(
            throws: SimulationError.changeBudgetExceeded(
                process: "client/\(name)", task: "main", latest: "heartbeatMissed", budget: 1_000)
        ) { try world.run() }
    }

    @Test func theChangesOfOneEventAreCountedAndNotThoseOfTheRun() throws {
        var options = SimulationOptions()
        options.changeBudget = 30
        let world = TwoHosts(options: options)
        world.onClient("talker") { providers in
            let number = providers.observer.register("talker", queueCapacity: 1)
            for _ in 1...10 {
                for _ in 1...20 { providers.observer.note(.heartbeatMissed, of: number) }
                try? await providers.time.sleep(for: .milliseconds(1))
            }
        }
        try world.run()
    }

    @Test func aTaskThatWaitsForWhatHasPassedEndsTheRunWithItsName() throws {
        var options = SimulationOptions()
        options.jobBudget = 10_000
        let world = TwoHosts(options: options)
        world.onClient("waiter") { providers in
            while (try? await providers.time.sleep(until: .zero)) != nil {}
        }
        #expect(throws: SimulationError.waitsForNothing(process: "client/waiter", task: "main", budget: 10_000)) {
            try world.run()
        }
    }

    /// Who was woken and has not gone on yet must not be taken for one that waits no more.
    @Test(arguments: 1...20)
    func manyMayWaitForOneSignalInAnyOrderOfTasks(seed: UInt64) throws {
        var options = SimulationOptions()
        options.taskOrder = .shuffled
        let world = TwoHosts(seed: seed, options: options)
        let transcript = world.transcript
        world.onClient { providers in
            let signal = providers.tasks.makeSignal()
            for number in 1...4 {
                providers.tasks.start("waiter \(number)") {
                    for _ in 1...50 { try? await signal.wait() }
                    transcript.say("done")
                }
            }
            providers.tasks.start("notifier") {
                for _ in 1...400 {
                    signal.notify()
                    try? await providers.time.sleep(for: .microseconds(1))
                }
            }
        }
        try world.run()
        #expect(transcript.all == ["done", "done", "done", "done"])
    }

    @Test func aRunWhoseTimeStandsStillEnds() throws {
        var options = SimulationOptions()
        options.instantBudget = 1_000
        let world = TwoHosts(latency: .constant(0), options: options)
        world.serve(echo)
        world.connect { stream, _ in
            while true {
                try? await stream.write(bytes(10))
                guard (try? await stream.read(upTo: 10)) != nil else { return }
            }
        }
        #expect(throws: SimulationError.timeStandsStill(at: 0, budget: 1_000)) { try world.run() }
    }

    @Test func tenThousandKillsAndRestartsLeaveNoTask() throws {
        let world = TwoHosts(options: Self.withoutRecords)
        world.serve(echo)
        let client = world.connect { stream, providers in
            let signal = providers.tasks.makeSignal()
            providers.tasks.start("waiter") { try? await signal.wait() }
            providers.tasks.start("sleeper") { try? await providers.time.sleep(for: .seconds(1_000)) }
            while true {
                try await stream.write(bytes(64))
                _ = try await stream.read(upTo: 64)
            }
        }
        for round in 1...10_000 {
            try world.simulation.run(until: Instant(nanoseconds: Int64(round) * 10_000_000))
            _ = try world.simulation.perform(.restart(client))
        }
        try world.simulation.run(until: Instant(nanoseconds: 110_000_000_000))
        _ = try world.simulation.perform(.kill(client))
        try world.simulation.run(until: Instant(nanoseconds: 400_000_000_000))
        #expect(world.transcript.all.filter { $0 == "connected" }.count >= 10_000)
        #expect(world.simulation.liveTasks == 1, "the server's accepting task alone")
        #expect(world.simulation.liveConnections == 0)
    }

    @Test func aThousandWorldsLeaveNothing() throws {
        let live = LiveCount()
        for seed in 0..<1_000 {
            let world = TwoHosts(seed: UInt64(seed), options: Self.withoutRecords)
            world.serve(echo)
            world.connect { stream, providers in
                let token = LiveCount.Token(live)
                providers.tasks.start("sleeper") {
                    try? await providers.time.sleep(for: .seconds(1_000))
                    withExtendedLifetime(token) {}
                }
                while true {
                    try await stream.write(bytes(64))
                    _ = try await stream.read(upTo: 64)
                }
            }
            try world.simulation.run(until: Instant(nanoseconds: 50_000_000))
            #expect(live.count == 1)
            world.simulation.shutDown()
            #expect(live.count == 0, "a task outlived world \(seed)")
            #expect(world.simulation.liveTasks == 0)
        }
    }

    private static var withoutRecords: SimulationOptions {
        var options = SimulationOptions()
        options.keepsRecords = false
        return options
    }
}
