import NIOCore
import PeerNetworking
import SimNetwork
import Testing
import Workloads

@testable import Lab

/// What is done to calls on real sockets, by what programs see of it: the same as in the simulation, draw by draw.
@Suite("LiveFaultTests: calls", .serialized)
struct LiveCallFaultTests {
    /// Programs of which the server listens and the client asks again and again.
    private static func asking(_ times: Int, _ faults: String) -> CallTrial {
        CallTrial(faults: faults) { scene in
            try await scene.acceptAll()
        } client: { scene in
            try await scene.until(milliseconds: 50)
            for _ in 0..<times {
                try await scene.trying("connect") {
                    let stream = try await scene.connect()
                    await stream.close()
                    return "done"
                }
            }
        }
    }

    // MARK: Connecting

    @Test("Connections are refused, each with the fate that it has in the simulation", arguments: CallTrial.networks)
    func refuse(on network: ProviderKind) throws {
        let (sim, real) = try Self.asking(16, "{refuse: \"server:4500\", probability: 0.5}").both(on: network, until: 1)
        #expect(Set(real.said.lines) == ["client: connect done", "client: connect connectionRefused"])
        #expect(real.said.lines == sim.said.lines)
        #expect(real.fault(.refuse)?.drawn == 16 && real.fault(.refuse)?.fired == sim.fault(.refuse)?.fired)
        #expect(real.fault(.refuse)?.effects == sim.fault(.refuse)?.effects)
        #expect(real.snapshot.unavailable.isEmpty)
    }

    @Test(
        "A backlog that is full drops SYNs: an attempt waits, and is there when one comes again after there is room",
        arguments: CallTrial.networks)
    func backlogFull(on network: ProviderKind) throws {
        let trial = CallTrial(duration: "4s", faults: "{at: 100ms, backlog-full: server, for: 700ms}") { scene in
            let listener = try await scene.listen()
            let stream: any ByteStream = try await listener.accept()
            try await scene.read(stream)
        } client: { scene in
            try await scene.until(milliseconds: 200)
            try await scene.trying("connect") {
                let stream = try await scene.connect()
                // Linux and the simulation send the SYN again after a second.
                scene.say(scene.milliseconds >= 1_150 ? "late" : "early: \(scene.milliseconds) ms")
                try await stream.write(ByteBuffer(string: "x"))
                return "done"
            }
        }
        let (sim, real) = try trial.both(on: network)
        #expect(real.said.lines(of: "client") == ["late", "connect done"])
        #expect(real.said.lines(of: "server") == ["read 1"])
        #expect(real.said.lines(of: "client") == sim.said.lines(of: "client"))
        #expect(real.fault(.backlogFull)?.fired == 1 && real.fault(.backlogFull)?.healed == 1)
    }

    @Test("Who listens with a backlog that is full from the beginning is never reached", arguments: CallTrial.networks)
    func backlogFullFromTheBeginning(on network: ProviderKind) throws {
        let trial = CallTrial(faults: "{backlog-full: server}") { scene in
            try await scene.acceptAll()
        } client: { scene in
            try await scene.until(milliseconds: 100)
            for name in ["one", "two", "three"] {
                scene.peer.providers.tasks.start(name) {
                    try? await scene.trying("connect") {
                        _ = try await scene.connect()
                        return "done"
                    }
                }
            }
            try await scene.until(milliseconds: 600)
            scene.say("waits")
        }
        let (sim, real) = try trial.both(on: network, until: 1)
        #expect(real.said.lines == ["client: waits"] && real.said.lines == sim.said.lines)
        #expect(real.snapshot.world.totals.attempted == 3 && real.snapshot.world.totals.established == 0)
    }

    @Test(
        "A name is not found, or found, as in the simulation; nothing is asked of the network then",
        arguments: CallTrial.networks)
    func nameError(on network: ProviderKind) throws {
        let (sim, real) = try Self.asking(16, "{name-error: server, probability: 0.5}").both(on: network, until: 1)
        #expect(Set(real.said.lines) == ["client: connect done", "client: connect nameNotFound"])
        #expect(real.said.lines == sim.said.lines)
        let found = real.said.lines.count { $0.hasSuffix("done") }
        #expect(real.snapshot.world.totals.attempted == found)
        #expect(real.fault(.nameError)?.fired == sim.fault(.nameError)?.fired)
    }

    @Test(
        "A name server has no answer now, or takes its time",
        arguments: [("temporary", "timedOut"), ("slow, delay: 300ms", "done")], CallTrial.networks)
    func slowName(answer: (failure: String, outcome: String), on network: ProviderKind) throws {
        let trial = CallTrial(faults: "{name-error: server, failure: \(answer.failure)}") { scene in
            try await scene.acceptAll()
        } client: { scene in
            try await scene.until(milliseconds: 50)
            let before = scene.milliseconds
            try await scene.trying("resolve") {
                _ = try await scene.network.resolve("server")
                return scene.milliseconds - before >= 300 ? "done" : "early"
            }
        }
        let (sim, real) = try trial.both(on: network, until: 1)
        #expect(real.said.lines == ["client: resolve \(answer.outcome)"])
        #expect(sim.said.lines == real.said.lines)
    }

    @Test(
        "A host has so many sockets and no more; where one is closed, one more can be opened",
        arguments: CallTrial.networks)
    func exhaustClient(on network: ProviderKind) throws {
        let trial = CallTrial(faults: "{exhaust: client, sockets: 3}") { scene in
            let listener = try await scene.listen()
            var streams: [any ByteStream] = []
            while true { streams.append(try await listener.accept()) }
        } client: { scene in
            try await scene.until(milliseconds: 50)
            var streams: [any ByteStream] = []
            for _ in 0..<5 {
                try await scene.trying("connect") {
                    streams.append(try await scene.connect())
                    return "\(streams.count)"
                }
            }
            await streams[0].reset()
            try await scene.untilThereIsRoom("connect") {
                streams.append(try await scene.connect())
                return "again"
            }
        }
        let (sim, real) = try trial.both(on: network, until: 1)
        #expect(
            real.said.lines(of: "client") == [
                "connect 1", "connect 2", "connect 3", "connect tooManyOpenFiles", "connect tooManyOpenFiles",
                "connect again",
            ])
        #expect(sim.said.lines == real.said.lines)
        #expect((real.fault(.exhaust)?.effects ?? 0) >= 2)
    }

    @Test("What cannot be accepted waits in the backlog until there is room", arguments: CallTrial.networks)
    func exhaustServer(on network: ProviderKind) throws {
        let trial = CallTrial(faults: "{exhaust: server, sockets: 2}\n{at: 500ms, exhaust: server, sockets: usual}") {
            scene in
            let listener = try await scene.listen()
            var streams: [any ByteStream] = []
            for _ in 0..<2 {
                try await scene.trying("accept") {
                    streams.append(try await listener.accept())
                    return "\(streams.count)"
                }
            }
            try await scene.untilThereIsRoom("accept") {
                streams.append(try await listener.accept())
                return "\(streams.count)"
            }
            scene.say(scene.milliseconds >= 500 ? "late" : "early")
            try await scene.read(streams[1])
        } client: { scene in
            try await scene.until(milliseconds: 50)
            let first = try await scene.connect()
            let second = try await scene.connect()
            try await second.write(ByteBuffer(string: "hello"))
            try await scene.heard("server: read 5")
            await first.close()
            await second.close()
        }
        let (sim, real) = try trial.both(on: network)
        #expect(
            real.said.lines(of: "server") == ["accept 1", "accept tooManyOpenFiles", "accept 2", "late", "read 5"])
        #expect(sim.said.lines == real.said.lines)
    }

    // MARK: Reads and writes

    @Test("Reads give few bytes, at the same reads as in the simulation", arguments: CallTrial.networks)
    func shortRead(on network: ProviderKind) throws {
        let trial = CallTrial(faults: "{short-read: server, largest: 7B, probability: 0.7}") { scene in
            let listener = try await scene.listen()
            let stream: any ByteStream = try await listener.accept()
            try await scene.until(milliseconds: 300)
            var left = 400
            while left > 0, let bytes = try await stream.read(upTo: 40) {
                left -= bytes.readableBytes
                scene.say("\(bytes.readableBytes)")
            }
        } client: { scene in
            try await scene.until(milliseconds: 50)
            let stream = try await scene.connect()
            try await stream.write(ByteBuffer(repeating: 1, count: 400))
            try await scene.until(milliseconds: 1_000)
        }
        let (sim, real) = try trial.both(on: network, until: 1)
        #expect(Set(real.said.lines).isSuperset(of: ["server: 7", "server: 40"]))
        #expect(real.said.lines == sim.said.lines)
        #expect(real.fault(.shortRead)?.fired == sim.fault(.shortRead)?.fired)
    }

    @Test("Writes leave in small pieces, and none is lost", arguments: CallTrial.networks)
    func shortWrite(on network: ProviderKind) throws {
        let trial = CallTrial(faults: "{short-write: client, largest: 5B}") { scene in
            let listener = try await scene.listen()
            let stream: any ByteStream = try await listener.accept()
            var (left, most) = (100, 0)
            while left > 0, let bytes = try await stream.read(upTo: 1_000) {
                left -= bytes.readableBytes
                most = max(most, bytes.readableBytes)
            }
            scene.say(left == 0 && most < 100 ? "in pieces" : "\(left) left, at most \(most) at once")
        } client: { scene in
            try await scene.until(milliseconds: 50)
            let stream = try await scene.connect()
            try await scene.write(100, to: stream)
            try await scene.until(milliseconds: 1_000)
        }
        let (sim, real) = try trial.both(on: network, until: 1)
        #expect(real.said.lines(of: "server") == ["in pieces"])
        #expect(real.fault(.shortWrite)?.fired == 19 && sim.fault(.shortWrite)?.fired == 19)
    }

    @Test(
        "A slow reader takes so many bytes a second: the window closes, and the writer waits; lifted, all comes",
        arguments: CallTrial.networks)
    func slowReader(on network: ProviderKind) throws {
        // More than all buffers hold: those of loopback grow, those of hosts of their own are what the lab says.
        let size = network == .loopback ? 24 << 20 : 1 << 20
        let trial = CallTrial(
            duration: "20s", faults: "{slow-reader: server, rate: 50000B/s}\n{at: 1s, slow-reader: server, rate: 0B/s}"
        ) { scene in
            let listener = try await scene.listen()
            let stream: any ByteStream = try await listener.accept()
            var (taken, isTold) = (0, false)
            while taken < size, let bytes = try await stream.read(upTo: 65_536) {
                // What was taken while the limit was in force.
                if !isTold, scene.milliseconds >= 800 {
                    isTold = true
                    scene.say(taken > 5_000 && taken <= 45_000 ? "slowly" : "\(taken) in 800 ms")
                }
                taken += bytes.readableBytes
            }
            scene.say("\(taken)")
        } client: { scene in
            try await scene.until(milliseconds: 20)
            let stream = try await scene.connect()
            for _ in 0..<(size >> 16) { try await stream.write(ByteBuffer(repeating: 1, count: 65_536)) }
            scene.say(scene.milliseconds >= 1_000 ? "waited" : "written at \(scene.milliseconds) ms")
            try await scene.until(milliseconds: 19_900)
        }
        let real = try trial.run(on: network, until: 1)
        #expect(real.said.lines(of: "server") == ["slowly", "\(size)"])
        #expect(real.said.lines(of: "client") == ["waited"])
        #expect((real.fault(.slowReader)?.effects ?? 0) >= 3)
    }

    // MARK: Closing

    @Test(
        "A connection is closed under a call: who learns of it, and how, is as in the simulation",
        arguments: ["this", "other", "both"].flatMap { learns in ["reset", "end"].map { (learns, $0) } },
        CallTrial.networks)
    func close(how: (learns: String, manner: String), on network: ProviderKind) throws {
        let close = "{close: {of: client, probability: 1, learns: \(how.learns), manner: \(how.manner)}}"
        let trial = CallTrial(faults: close) { scene in
            let listener = try await scene.listen()
            let stream: any ByteStream = try await listener.accept()
            scene.say("accepted")
            try await scene.heard("client: called")
            try await scene.pause(milliseconds: 100)
            // Who was not told finds out when it sends.
            for _ in 0..<2 {
                try await scene.write(1, to: stream)
                try await scene.pause(milliseconds: 100)
                try await scene.read(stream)
            }
        } client: { scene in
            try await scene.until(milliseconds: 100)
            let stream = try await scene.connect()
            try await scene.heard("server: accepted")
            try await scene.write(1, to: stream)
            scene.say("called")
            try await scene.read(stream)
            try await scene.write(1, to: stream)
            try await scene.read(stream)
            // Both of the server's reads come to their end.
            while scene.said.lines(of: "server").count < 5 { try await scene.pause(milliseconds: 5) }
            await stream.close()
        }
        let (sim, real) = try trial.both(on: network)
        for name in ["client", "server"] {
            #expect(real.said.lines(of: name) == sim.said.lines(of: name), "\(name)")
        }
        #expect(real.fault(.close)?.effects == sim.fault(.close)?.effects)
    }

    @Test(
        "A draw that is forced closes a connection where no fault stands, and a veto keeps it open",
        arguments: CallTrial.networks)
    func overrides(on network: ProviderKind) throws {
        let trial = CallTrial(
            faults: "{at: 1ms, force: io.close, subject: \"client/client→server:4500/1/client\", draw: 3}"
        ) { scene in
            let listener = try await scene.listen()
            let stream: any ByteStream = try await listener.accept()
            while let bytes = try await stream.read(upTo: 10) { try await stream.write(bytes) }
        } client: { scene in
            try await scene.until(milliseconds: 100)
            let stream = try await scene.connect()
            for _ in 0..<2 {
                try await scene.write(1, to: stream)
                try await scene.read(stream)
            }
        }
        let (sim, real) = try trial.both(on: network, until: 1)
        #expect(real.said.lines(of: "client") == ["write 1", "read 1", "write connectionReset", "read end"])
        #expect(real.said.lines(of: "client") == sim.said.lines(of: "client"))
        let vetoed = try CallTrial(
            faults: "{close: {of: client, probability: 1}}\n{at: 1ms, veto: io.close}", server: trial.server,
            client: trial.client
        ).run(on: network, until: 1)
        #expect(vetoed.said.lines(of: "client") == ["write 1", "read 1", "write 1", "read 1"])
    }
}
