import PeerNetworking
import SimNetwork
import TCP
import Testing

@testable import Lab

/// Options of kernels and sockets by Linux's names: in lab files, and by hand.
@Suite struct KernelOptionTests {
    private func run(
        _ hosts: String, faults: String = "[]", work: String = "{ping-pong: {every: 100ms}}", duration: String = "10s",
        config: String = "{heartbeat: off}"
    ) throws -> LabRun {
        try LabRun(
            try LabFile.read(
                text: """
                    lab: options
                    duration: \(duration)
                    hosts: \(hosts)
                    links: [{between: [client, server], latency: 10ms}]
                    peers:
                      - {name: echo, on: server, listen: 4500, run: echo, config: \(config)}
                      - {name: ping, on: client, connect: "server:4500", run: \(work), config: \(config)}
                    faults: \(faults)
                    """, name: "options.yaml"))
    }

    @Test(
        "Each option of a kernel changes something of a host that has it in its lab file",
        arguments: TCPKnob.all.map(\.name))
    func changes(name: String) throws {
        let knob = try #require(TCPKnob.named(name))
        var made: Set<TCPOptions> = [.sendingAtOnce]
        for value in [knob.values.lowerBound, knob.values.upperBound] {
            let text = "lab: a\nhosts: {a: {\(name): \(knob.text(of: value))}}\n"
            let host = try #require(try LabFile.read(text: text, name: "a.yaml").topology.hosts.first)
            made.insert(host.tcp)
            var usual = host.tcp
            knob.take(&usual, from: .sendingAtOnce)
            #expect(usual == .sendingAtOnce, "it changes nothing else")
        }
        #expect(made.count >= 2)
    }

    private func permits(_ run: LabRun) -> [Bool] {
        run.records.flatMap(\.changes).compactMap { change in
            if case .sent(let segment) = change, segment.flags == .syn { segment.maximumSegmentSize > 0 } else { nil }
        }
    }

    @Test("sysctl holds for sockets that are opened from then on, until it is given back")
    func sysctl() throws {
        let run = try run(
            "{client: {}, server: {}}",
            faults: "[{at: 1s, sysctl: client, option: initcwnd, value: 3}, {at: 2s, reset: ping}, "
                + "{at: 5s, sysctl: client, option: initcwnd, value: usual}, {at: 6s, reset: ping}]")
        let windows = run.records.flatMap(\.changes).compactMap { change -> Int32? in
            if case .end(_, .client, let end) = change, end.fields.contains(.level(.retransmissionTimeout)),
                end.levels.smoothedRoundTrip == 0
            {
                end.levels.congestionWindow
            } else {
                nil
            }
        }
        #expect(windows == [10, 3, 10], "that of each connection at its beginning")
    }

    @Test("setsockopt is of an open connection: small writes wait for an acknowledgement once TCP_NODELAY is off")
    func nagle() throws {
        let work = "{flood: {every: 5ms, size: 20}}"
        let usual = try run("{client: {}, server: {}}", work: work)
        let late = try run(
            "{client: {}, server: {}}",
            faults: "[{at: 1s, setsockopt: c1, option: TCP_NODELAY, value: no, side: client}]", work: work)
        func segments(_ run: LabRun) -> Int {
            run.records.count { record in
                record.time > 1_500_000_000
                    && record.changes.contains {
                        if case .sent(let segment) = $0 { segment.from == .client && segment.length > 0 } else { false }
                    }
            }
        }
        #expect(segments(late) < segments(usual) / 2, "\(segments(late)) and \(segments(usual))")
        #expect(try #require(late.view("echo")).delivered > 1_500)
    }

    @Test("A congestion control is changed on the way")
    func congestion() throws {
        let run = try run(
            "{client: {}, server: {}}",
            faults: "[{at: 1s, setsockopt: c1, option: tcp_congestion_control, value: none}]")
        #expect(run.world.connection(ConnectionID(1))?.client.levels.congestionWindow == .max)
    }

    @Test("With tcp_abort_on_overflow a client that finds no room is reset, and does not believe in a connection")
    func overflow() throws {
        func crowd(_ option: String) throws -> LabRun {
            try LabRun(
                try LabFile.read(
                    text: """
                        lab: crowd
                        duration: 3s
                        hosts: {near: {count: 3}, far: {count: 4}, server: {backlog: 4\(option)}}
                        links:
                          - {between: ["near-*", server], latency: 10ms}
                          - {between: ["far-*", server], latency: 40ms}
                        peers:
                          - {name: echo, on: server, listen: 4500, run: echo}
                          - {name: ping, on: "near-*", connect: "server:4500", run: {ping-pong: {every: 1s}}}
                          - {name: pong, on: "far-*", connect: "server:4500", run: {ping-pong: {every: 1s}}}
                        faults: [{at: 1ms, pause: echo, for: 2900ms}]
                        """, name: "crowd.yaml"))
        }
        func resets(_ run: LabRun) -> Int {
            run.records.flatMap(\.changes).count {
                if case .failed(_, .client, .connectionReset) = $0 { true } else { false }
            }
        }
        let usual = try crowd("")
        #expect(resets(usual) == 0 && usual.lost(.backlogFull) >= 2)
        let aborts = try crowd(", tcp_abort_on_overflow: yes")
        #expect(resets(aborts) >= 2, "two of four find room")
    }

    @Test("somaxconn is what a listener was opened with: those that are open keep what waits at them")
    func backlog() throws {
        let run = try LabRun(
            try LabFile.read(
                text: """
                    lab: crowd
                    duration: 3s
                    invariants: on
                    hosts: {client: {count: 6}, server: {}}
                    links: [{between: ["client-*", server], latency: 10ms}]
                    peers:
                      - {name: echo, on: server, listen: 4500, run: echo}
                      - {name: ping, on: "client-*", connect: "server:4500", run: {ping-pong: {every: 1s}}}
                    faults:
                      - {at: 1ms, pause: echo, for: 2900ms}
                      - {at: 500ms, sysctl: server, option: backlog, value: 1}
                    """, name: "crowd.yaml"))
        #expect(run.lost(.backlogFull) == 0)
        #expect(run.records.flatMap(\.changes).contains { if case .backlog(_, _, 6) = $0 { true } else { false } })
    }

    @Test("TCP_QUICKACK off is what the host does otherwise")
    func quick() throws {
        let knob = try #require(TCPKnob.named("TCP_QUICKACK"))
        var options = TCPOptions.textbook
        knob.set(&options, 0)
        #expect(options.acknowledging == .everySecond)
        knob.set(&options, 1)
        #expect(options.acknowledging == .atOnce)
        knob.set(&options, 0)
        #expect(options.acknowledging == .linux)
    }

    @Test("SO_LINGER makes a close a reset")
    func linger() throws {
        func resets(_ hosts: String) throws -> Int {
            try run(hosts, faults: "[{at: 2s, process-exit: ping}]").records.flatMap(\.changes).count {
                if case .sent(let segment) = $0 {
                    segment.flags.contains(.rst) && segment.from == .client
                } else {
                    false
                }
            }
        }
        #expect(try resets("{client: {}, server: {}}") == 0)
        #expect(try resets("{client: {SO_LINGER: reset}, server: {}}") == 1)
    }

    @Test("Where no socket has SO_REUSEADDR a server that has closed connections cannot listen again at once")
    func reuse() throws {
        func refusals(_ option: String) throws -> Int {
            try run(
                "{client: {}, server: {\(option)}}",
                faults: "[{at: 2050ms, process-exit: echo}, {at: 3s, restart: echo}]"
            )
            .records.flatMap(\.changes).count {
                if case .unasked = $0 { false } else if case .listening(_, _, true) = $0 { true } else { false }
            }
        }
        #expect(try refusals("") == 2, "it listens, and listens again")
        #expect(try refusals("SO_REUSEADDR: off") == 1)
        #expect(try refusals("SO_REUSEADDR: all") == 2)
    }

    @Test("With tcp_tw_reuse a client whose ports are all in TIME-WAIT connects from one of them again")
    func timeWait() throws {
        func attempts(_ option: String) throws -> Int64 {
            try run(
                "{client: {ports: 2\(option)}, server: {}}",
                faults: "[{at: 1s, close: ping, learns: other, manner: end, for: 5s}]", duration: "12s",
                config: "{heartbeat: off, backoff: {initial: 100ms, maximum: 100ms}}"
            ).world.totals.established
        }
        let (usual, reused) = (try attempts(""), try attempts(", tcp_tw_reuse: yes"))
        #expect(reused > usual, "\(usual) and \(reused)")
    }

    @Test(
        "What is no option, or no value of it, is told with its place",
        arguments: [
            ("sysctl: client, option: tcp_sak, value: no", "there is no option 'tcp_sak'; did you mean 'tcp_sack'?"),
            ("sysctl: client, option: tcp_sack, value: 3s", "'tcp_sack' must be true or false"),
            ("sysctl: client, option: initcwnd, value: 0", "'initcwnd' must be 1…1000"),
            ("setsockopt: c1, option: tcp_sack, value: no", "there is no option 'tcp_sack'"),
            ("sysctl: client, value: no", "sysctl needs 'option'"),
        ])
    func wrong(fault: String, message: String) throws {
        do {
            _ = try run("{client: {}, server: {}}", faults: "[{at: 1s, \(fault)}]")
            Issue.record("it was taken")
        } catch let error as LabDiagnostics {
            #expect(error.all.contains { $0.message.contains(message) }, "\(error)")
        }
    }
}
