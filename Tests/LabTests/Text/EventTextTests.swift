import PeerNetworking
import SimNetwork
import Testing
import TCP

@testable import Lab

@Suite("Events in words")
struct EventTextTests {
    /// A run of a lab up to a time, and its text.
    private func run(_ lab: String, faults: String, until time: Int64) throws -> (Snapshot, EventText) {
        let text = """
            lab: text
            duration: 20s
            hosts: [client, server]
            links: [{between: [client, server], latency: 2ms}]
            peers:
              - {name: echo, on: server, listen: 4500, run: echo}
              - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 100ms, size: 64B}}}
            \(faults)
            """
        let session = SimSession(lab: try LabFile.read(text: text, name: lab))
        defer { session.close() }
        _ = try session.seek(to: .time(time), budget: .max)
        let snapshot = session.snapshot
        return (snapshot, EventText(snapshot))
    }

    private let cut = "faults: [{at: 1s, cut: client-server}]"

    @Test("A segment that is repeated and lost says both, and that there is more")
    func repeatedAndLost() throws {
        let (snapshot, text) = try run("repeat", faults: cut, until: 2_000_000_000)
        let record = try #require(
            (1...snapshot.event).map { snapshot.records[event: $0] }.last { record in
                record.changes.contains {
                    if case .sent(let segment) = $0 { segment.purpose == .repetition } else { false }
                }
            })
        let line = text.line(of: record)
        #expect(line.verb == "resend")
        #expect(line.who == "client" || line.who == "server")
        #expect(line.detail.hasSuffix(", lost: link cut"), "\(line.detail)")
        #expect(line.role == .loss)
        #expect(line.more > 0)
    }

    @Test("A line counts the other changes that deserve one, and they are told where they are looked for")
    func more() throws {
        let (snapshot, text) = try run("more", faults: cut, until: 5_000_000_000)
        var requeues = 0
        for number in 1...snapshot.event {
            let record = snapshot.records[event: number]
            let line = text.line(of: record)
            guard record.kind != .fault, record.kind != .start else { continue }
            let telling = text.lines(of: record)
            let isTold = telling.contains { $0.text == line.text }
            #expect(line.more == telling.count - (isTold ? 1 : 0), "#\(number)")
            guard record.changes.contains(where: { if case .peer(_, .requeued, _) = $0 { true } else { false } }) else {
                continue
            }
            requeues += 1
            let found = text.line(of: record) { $0.text.contains("requeue") }
            #expect(found?.verb == "requeue", "#\(number) is told as \(line.text)")
        }
        #expect(requeues > 0)
    }

    @Test("No two kinds of things have names of one form")
    func names() throws {
        let (snapshot, _) = try run("names", faults: cut, until: 500_000_000)
        let sent = (1...snapshot.event).flatMap { snapshot.records[event: $0].changes }
            .compactMap { if case .sent(let segment) = $0 { segment } else { nil } }
        var segment = try #require(sent.first { $0.from == .client && $0.ordinal == 3 })
        #expect(ThingNames.segment(segment) == "c1>3")
        segment.from = .server
        #expect(ThingNames.segment(segment) == "c1<3")
        #expect(ThingNames.event(12) == "#12" && ThingNames.message(41) == "m41")
        #expect(ThingNames.operands(ofSegment: "c1>3") == ["c1", "client", "3"])
        #expect(ThingNames.operands(ofSegment: "c12<34") == ["c12", "server", "34"])
        #expect(ThingNames.shortened("delay c1 server 3 200ms") == "delay c1<3 200ms")
        #expect(ThingNames.shortened("half-close c1 client") == "half-close c1 client")
        for word in ["client->server", "c1", ">3", "c1>", "c>3", "c1>x", "m4"] {
            #expect(ThingNames.operands(ofSegment: word) == nil, "\(word)")
        }
    }

    @Test(
        "What a segment was sent for is told by a line of its own",
        arguments: [
            (SegmentPurpose.plain, "client wire data c1>9 64 B → server"),
            (.repetition, "client resend data c1>9 64 B → server, after a timeout"),
            (.windowProbe, "client wire window probe c1>9 64 B → server"),
            (.keepAliveProbe, "client wire keep-alive probe c1>9 64 B → server"),
            (.windowUpdate, "client wire window update c1>9 64 B → server"),
        ])
    func purposes(purpose: SegmentPurpose, expected: String) throws {
        let (snapshot, text) = try run("purposes", faults: cut, until: 500_000_000)
        let record = try #require(
            (1...snapshot.event).map { snapshot.records[event: $0] }.first { $0.host == HostID(0) })
        let sent = record.changes.lazy.compactMap { if case .sent(let segment) = $0 { segment } else { nil } }
        var segment = try #require(sent.first)
        (segment.connection, segment.from, segment.ordinal) = (ConnectionID(1), .client, 9)
        (segment.flags, segment.length, segment.purpose) = (.ack, 64, purpose)
        #expect(text.line(of: .sent(segment), in: record).text == expected)
    }

    @Test("A giving-up is told as a failure, with its reason and its end")
    func givingUp() throws {
        let (snapshot, text) = try run("giving-up", faults: cut, until: 500_000_000)
        let record = try #require((1...snapshot.event).map { snapshot.records[event: $0] }.last)
        let line = text.line(of: .failed(ConnectionID(1), .client, .timedOut), in: record)
        #expect(line.verb == "failed" && line.detail == "c1 client: timed out" && line.role == .danger)
    }

    @Test("A fault and an intervention are told by their command lines")
    func actions() throws {
        let (snapshot, text) = try run(
            "actions", faults: "faults: [{at: 1s, cut: client-server, for: 500ms}]", until: 2_000_000_000)
        let faults = (1...snapshot.event).map { snapshot.records[event: $0] }.filter { $0.kind == .fault }
        #expect(faults.map { text.line(of: $0).text } == ["fault cut client-server", "fault heal client-server"])
    }

    @Test("Only events are written with a #")
    func marks() throws {
        let (snapshot, text) = try run("marks", faults: cut, until: 5_000_000_000)
        for number in 1...snapshot.event {
            for change in snapshot.records[event: number].changes {
                #expect(!text.line(of: change, in: snapshot.records[event: number]).text.contains("#"))
            }
        }
    }
}
