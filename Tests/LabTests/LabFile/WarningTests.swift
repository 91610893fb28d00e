import Testing

@testable import Lab

/// What a lab says that is allowed and probably not meant.
@Suite struct WarningTests {
    private func warnings(
        hosts: String = "[server, client]", links: String = "[{between: [server, client]}]", _ peers: String
    ) throws -> [String] {
        let lab = """
            lab: x
            hosts: \(hosts)
            links: \(links)
            peers:
            \(peers)
            """
        return try LabFile.read(text: lab, name: "x").warnings.map(\.description)
    }

    @Test func nobodyListensThere() throws {
        let warnings = try warnings(
            """
              - {name: e, on: server, listen: 4500, run: echo}
              - {name: p, on: client, connect: "server:4501", run: ping-pong}
              - {name: q, on: client, connect: "client:4500", run: ping-pong}
            """)
        #expect(
            warnings == [
                "x:6:36: warning: no peer listens on server:4501: no attempt to connect can succeed; "
                    + "'e' listens on server:4500",
                "x:7:36: warning: no peer listens on client:4500: no attempt to connect can succeed; "
                    + "'e' listens on server:4500",
            ])
    }

    @Test func theOtherSideIsNone() throws {
        let warnings = try warnings(
            """
              - {name: e, on: server, listen: 4500, run: echo}
              - {name: q, on: client, connect: "server:4500", run: {request-response: {every: 1s}}}
            """)
        #expect(
            warnings == [
                "x:6:36: warning: 'e' listens there and runs echo, which is no other side for request-response; "
                    + "one that runs request-response is"
            ])
    }

    /// Routers pass on, other hosts do not.
    @Test(arguments: [
        ("[{between: [server, r]}, {between: [r, q]}, {between: [q, client]}]", true),
        ("[{between: [server, h]}, {between: [h, client]}]", false),
        ("[{between: [server, r]}, {between: [q, client]}]", false),
        ("[{between: [server, r]}]", false), ("[{between: [client, server]}]", true),
    ])
    func noLinkLeadsThere(_ links: String, isJoined: Bool) throws {
        let warnings = try warnings(
            hosts: "{server: {}, client: {}, h: {}, r: {router: true}, q: {router: true}}", links: links,
            """
              - {name: e, on: server, listen: 4500, run: echo}
              - {name: p, on: client, connect: "server:4500", run: ping-pong}
            """)
        let warning =
            "x:6:36: warning: no link leads from 'client' to 'server': no attempt to connect can succeed"
        #expect(warnings == (isJoined ? [] : [warning]))
    }

    /// Every workload that connects, and the one that listens for it.
    @Test(arguments: [
        ("ping-pong", "echo"), ("flood", "echo"), ("flood", "sink"), ("{bulk: {bytes: 1 KiB}}", "bulk"),
        ("request-response", "request-response"), ("{publish-subscribe: {publish: a}}", "publish-subscribe"),
        ("{publish-subscribe: {subscribe: [a]}}", "publish-subscribe"), ("work-queue", "{work-queue: {jobs: 3}}"),
    ])
    func thoseThatBelongTogether(_ client: String, _ server: String) throws {
        let warnings = try warnings(
            """
              - {name: p, on: client, connect: "server:4500", run: \(client)}
              - {name: e, on: server, listen: 4500, run: \(server)}
            """)
        #expect(warnings.isEmpty)
    }

    @Test func labsThatComeWithItHaveNone() throws {
        for lab in LabLibrary.standard().list() {
            #expect(try LabLibrary.standard().load(lab.name).warnings.isEmpty, "\(lab.name)")
        }
    }

    /// Whoever waits for its end on the screen waits in vain.
    @Test(arguments: [("2s", true), ("3s", true), ("3001ms", false)])
    func aFaultOutlastsTheLab(_ length: String, isSeenToEnd: Bool) throws {
        let lab = try LabFile.read(
            text: """
                lab: x
                hosts: [a, b]
                links: [{between: [a, b]}]
                duration: 10s
                faults:
                  - {at: 7s, for: \(length), cut: a-b}
                """, name: "x")
        let warning =
            "x:6:19: warning: the lab is over at 10s, before this is lifted at 10001ms; let the lab last longer, or "
            + "leave 'for' out"
        #expect(lab.warnings.map(\.description) == (isSeenToEnd ? [] : [warning]))
    }

    /// When it strikes nobody knows, and that it cannot be before its `after`.
    @Test(arguments: [("4s", "6s", true), ("4s", "7s", false)])
    func aFaultThatWaitsOutlastsTheLab(_ after: String, _ length: String, isSeenToEnd: Bool) throws {
        let lab = try LabFile.read(
            text: LabText.pair
                + "faults: [{when: ping is connected, after: \(after), for: \(length), cut: client-server}]\n",
            name: "x")
        let warning =
            "x:7:52: warning: the lab is over at 10s, before this is lifted, at 11s at the earliest; let the lab last "
            + "longer, or leave 'for' out"
        #expect(lab.warnings.map(\.description) == (isSeenToEnd ? [] : [warning]))
    }

    @Test func anErrorHidesNoWarning() throws {
        let text = """
            lab: x
            hosts: [a, b]
            links: [{between: [a, b]}]
            peers:
              - {name: e, on: a, listen: 4500, run: echo}
              - {name: p, on: b, connect: "a:4501", run: ping-pong}
            faults:
              - {at: 7s, for: 9s, cut: a-b}
              - {at: 7s, cut: a-c}
            """
        do throws(LabDiagnostics) {
            _ = try LabFile.read(text: text, name: "x")
            Issue.record("it has an error")
        } catch {
            let lines = error.description.split(separator: "\n")
            #expect(lines.map { $0.split(separator: ":")[1] } == ["9", "6", "8"])
            #expect(lines[0].contains(": error: ") && lines[1...].allSatisfy { $0.contains(": warning: ") })
        }
    }
}
