import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// A message's lateness, in parts.
@Suite("Lateness")
struct LatenessTests {
    /// The lives of all messages of a run, each with its lateness.
    private func lives(_ lab: LabDefinition, to time: Int64 = .max) throws -> [(life: MessageLife, lateness: Lateness?)]
    {
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(min(time, lab.duration)))
        let snapshot = session.snapshot
        let book = MessageBook(snapshot.records, upTo: snapshot.event)
        let wire = WireBook(snapshot.records, from: 1, upTo: snapshot.event)
        let delivered = snapshot.world.peers.reduce(0) { $0 + $1.delivered + $1.suppressed }
        let known = book.lives.reduce(0) {
            $0 + $1.arrivals.count { $0.outcome == .delivered || $0.outcome == .suppressed }
        }
        #expect(Int64(known) == delivered, "every delivery is one of a message that was queued")
        return book.lives.map { ($0, Lateness(of: $0, book, wire, snapshot.records)) }
    }

    /// The parts follow one on another from when a message was queued to when it came to the application: in nanoseconds.
    @Test(
        "The parts add up to the whole, of all messages of all labs",
        arguments: LabsOnDisk.names)
    func sums(name: String) throws {
        let lives = try lives(try LabsOnDisk.lab(name), to: 9_000_000_000)
        // What goes over bare streams is no message.
        #expect(
            lives.contains { $0.lateness != nil } || ["bottleneck", "slow-start"].contains(name))
        for (life, lateness) in lives {
            guard let lateness else {
                #expect(life.firstDelivery == nil)
                continue
            }
            var now = life.queued.time
            for part in lateness.parts {
                #expect(part.from == now && part.to > part.from)
                now = part.to
            }
            #expect(now == life.firstDelivery?.at.time)
            #expect(lateness.parts.reduce(0) { $0 + $1.to - $1.from } == lateness.whole)
            #expect(Lateness.Kind.allCases.reduce(0) { $0 + lateness.time($1) } == lateness.whole)
            #expect(lateness.time(.network) == 0, "\(name) \(life.id): all of its way is seen")
        }
    }

    @Test("On a quiet link all of it is propagation: its frame's place in the stream is where TCP carried it")
    func propagation() throws {
        let text = """
            lab: quiet
            duration: 2s
            hosts: [client, server]
            links: [{between: [client, server], latency: 3ms}]
            peers:
              - {name: echo, on: server, listen: 4500, run: echo}
              - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 100ms, size: 64}}}
            """
        let lives = try lives(try LabFile.read(text: text, name: "quiet.yaml"))
        for (life, lateness) in lives.dropFirst(2) {
            guard let lateness else { continue }
            #expect(lateness.parts.map(\.kind) == [.propagation] && lateness.whole == 3_000_000, "\(life)")
        }
    }

    /// A lab of a client that sends every 100 ms, with a fault; the lateness of those that came, by what there was of a part.
    private func times(
        _ kind: Lateness.Kind, faults: String, link: String = "latency: 2ms",
        run: String = "{ping-pong: {every: 100ms, size: 64}}",
        config: String = "{}"
    ) throws -> [Int64] {
        let text = """
            lab: faulty
            duration: 10s
            hosts: [client, server]
            links: [{between: [client, server], \(link)}]
            peers:
              - {name: echo, on: server, listen: 4500, run: echo}
              - {name: ping, on: client, connect: "server:4500", run: \(run), config: \(config)}
            faults: \(faults)
            """
        let lives = try lives(try LabFile.read(text: text, name: "faulty.yaml"))
        return lives.compactMap { $0.life.id.session == nil ? $0.lateness?.time(kind) : nil }
    }

    @Test("A message that has not come is where it is: in the send buffer, lost, or with a connection that is gone")
    func fates() throws {
        let session = SimSession(lab: try LabsOnDisk.lab("partition"))
        defer { session.close() }
        func fate(_ message: String, _ peer: String) throws -> String {
            let story = try MessageStory(try #require(MessageQuery([message, peer])), in: session.snapshot)
            return try #require(story.lines.first { $0.text.hasPrefix("fate") }).text
        }
        _ = try session.seek(to: .time(12_000_000_000))
        #expect(try fate("m101", "alice-to-bob").hasSuffix("lost on the wire"))
        #expect(try fate("m121", "alice-to-bob").hasSuffix("in the socket's send buffer"))
        let reset = SimSession(lab: try LabsOnDisk.lab("exactly-once"))
        defer { reset.close() }
        _ = try reset.seek(to: .time(9_000_000_000))
        let story = try MessageStory(try #require(MessageQuery(["m30", "level"])), in: reset.snapshot)
        let text = story.lines.map(\.text).joined(separator: "\n")
        #expect(text.contains("come to the other end, and to no application; its connection is gone"), "\(text)")
    }

    @Test("What is written while lost bytes wait to be sent again waits for the same")
    func behindLostBytes() throws {
        let (faults, run) = (
            "[{at: 1999ms, cut: client-server, for: 500ms}]", "{flood: {every: 20ms, size: 100}}"
        )
        let config = "{heartbeat: off, read-timeout: off, write-timeout: off}"
        let waits = try [Lateness.Kind.retransmission, .tailProbe, .lossDetection].map {
            try self.times($0, faults: faults, run: run, config: config)
        }
        let times = waits[0].indices.map { index in waits.reduce(0) { $0 + $1[index] } }
        let buffered = try self.times(.sendBuffer, faults: faults, run: run, config: config)
        #expect(times.count { $0 > 100_000_000 } > 15, "\(times.filter { $0 > 0 })")
        #expect(buffered.allSatisfy { $0 < 20_000_000 }, "the repeat is what it waits for: \(buffered)")
    }

    @Test("The last segment that was lost waits for the probe of the tail")
    func tailProbe() throws {
        let times = try times(
            .tailProbe, faults: "[{at: 1999ms, cut: client-server, for: 100ms}]", run: "{ping-pong: {every: 1s}}",
            config: "{heartbeat: off}")
        // One alone is probed after 200 ms and two round trips.
        #expect(times.contains { $0 > 200_000_000 && $0 < 215_000_000 }, "\(times.filter { $0 > 0 })")
        #expect(times.count { $0 > 0 } < 6)
    }

    @Test("A clog holds what is sent until it is released")
    func clog() throws {
        let times = try times(.clog, faults: "[{at: 1999ms, clog: client-server, for: 31ms}]")
        #expect(times.filter { $0 > 0 } == [30_000_000])
    }

    @Test("A paused process is waited for")
    func pause() throws {
        let times = try times(.pause, faults: "[{at: 1990ms, pause: echo, for: 50ms}]")
        #expect(times.filter { $0 > 0 } == [38_000_000])
    }

    @Test("A message of a lost connection waits for the heartbeat, and for the backoff")
    func reconnection() throws {
        let config = "{heartbeat: {interval: 500ms, timeout: 1s}, backoff: {initial: 200ms, maximum: 1s}}"
        let faults = "[{at: 2s, cut: client-server, for: 4s}]"
        #expect(try times(.heartbeat, faults: faults, config: config).contains { $0 > 900_000_000 })
        #expect(try times(.backoff, faults: faults, config: config).contains { $0 > 100_000_000 })
        #expect(try times(.connecting, faults: faults, config: config).contains { $0 > 0 })
    }

    @Test("A slow link queues what it cannot carry, and a slow reader leaves it in the receive buffer")
    func queues() throws {
        let flood = "{ping-pong: {every: 20ms, size: 2KiB}}"
        #expect(
            try times(.linkQueue, faults: "[]", link: "latency: 2ms, bandwidth: 120KiB/s", run: flood).contains {
                $0 > 1_000_000
            })
        let slow = try times(.receiveBuffer, faults: "[{at: 1s, slow-reader: echo, rate: 20KiB/s}]", run: flood)
        #expect(slow.contains { $0 > 10_000_000 })
    }

    @Test("The page of a message tells its way, and that it came once more")
    func page() throws {
        let session = SimSession(lab: try LabsOnDisk.lab("cut"))
        defer { session.close() }
        _ = try session.seek(to: .time(20_000_000_000))
        let snapshot = session.snapshot
        let story = try MessageStory(try #require(MessageQuery(["m31", "ping"])), in: snapshot)
        let text = story.lines.map(\.text).joined(separator: "\n")
        #expect(story.title == "Message m31 of ping")
        for part in [
            "queued", "handed to c1, bytes ", "carries it", " is lost: link cut", "repeats it", " arrives",
            "delivered to echo by c1", "confirmed", "waiting for the retransmission timer", "all together",
        ] { #expect(text.contains(part), "\(part)\n\(text)") }
        #expect(throws: SessionError.self) { try MessageStory(try #require(MessageQuery(["m1"])), in: snapshot) }
        #expect(throws: SessionError.self) { try MessageStory(try #require(MessageQuery(["m4000"])), in: snapshot) }
        for words in [["41"], ["m"], ["m41", "ping", "x"], []] { #expect(MessageQuery(words) == nil) }
    }
}
