import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// Every action of the catalogue can be typed, recorded and scheduled, and means the same each time.
@Suite struct ActionTests {
    private let lab: LabDefinition

    init() throws { lab = try LabFile.read(text: Actions.lab, name: "x") }

    @Test(arguments: Actions.all)
    func aLineSaysWhatTheActionIs(_ action: Actions.Case) throws {
        let syntax = ActionSyntax(lab: lab)
        #expect(try syntax.action(action.line) == action.action)
        #expect(syntax.text(of: action.action) == action.line)
    }

    @Test(arguments: Actions.all)
    func aLabFileSaysTheSame(_ action: Actions.Case) throws {
        guard let entry = action.entry else { return }
        let text = Actions.lab + "faults:\n  - {at: 1s, \(entry)}\n"
        let read = try LabFile.read(text: text, name: "x")
        #expect(read.faults == [ScheduledAction(action.action, .at(1_000_000_000))])
    }

    @Test func everyFormAndEveryFamilyIsAmongThem() {
        let lines = Actions.all.map(\.line)
        for form in ActionForm.all {
            let verbs = [form.name, form.alias].compactMap { $0 }
            #expect(
                lines.contains { line in verbs.contains { line == $0 || line.hasPrefix($0 + " ") } }, "\(form.name)")
        }
        let families = Set(Actions.all.map(\.action.family))
        for family in FaultFamily.allCases { #expect(families.contains(family), "\(family)") }
    }

    @Test func whatCanStandStandsWithoutATime() throws {
        for action in Actions.all where action.action.canStand {
            guard let entry = action.entry else { continue }
            let read = try LabFile.read(text: Actions.lab + "faults:\n  - {\(entry)}\n", name: "x")
            #expect(read.standing == [action.action], "\(action)")
        }
    }

    @Test(arguments: [
        ("", "no action; write for example: cut client-server"),
        ("cut", "'cut' needs a link; it is written: cut LINK [FROM->TO]"),
        ("cut client-server client->server x", "'cut' has 'x' too much; it is written: cut LINK [FROM->TO]"),
        ("damage", "'damage' needs a segment, as in c1>3; it is written: "), ("loss client-server", "'loss' needs "),
        ("delay", "'delay' is written: delay CONNECTION SIDE SEGMENT DURATION, or delay PENDING DURATION"),
        ("slow-pair", "'slow-pair' needs two hosts; it is written: "),
        ("veto nosuch", "there is no site 'nosuch'; there are "),
        ("veto short", "there is no site 'short'; the nearest of "),
        ("kil ping", "unknown action 'kil'; did you mean 'kill'?"),
        ("kill", "'kill' needs a peer; it is written: kill PEER"),
        ("kill pong", "there is no peer 'pong'; did you mean 'ping'?"),
        ("cut client-third", "there is no link 'client-third'; there are client-server, third-r and r-server"),
        ("loss client-server 1.5", "'probability' must be 0…1, not 1.5"),
        ("loss client-server burst(0.1)", "'burst' must be a list of 2 or 4, as in [0.01, 0.3], or [0.01, 0.3, 0, 1]"),
        ("clog sever", "there is no link or host 'sever'; did you mean 'server'?"),
        ("partition client,server|server", "a partition has two groups of hosts without a host in common"),
        ("force link.los", "there is no site 'link.los'; did you mean 'link.loss'?"),
        ("exhaust server", "exhaust limits one of sockets, memory or ports"),
        (
            "cut client-server dirction=client->server",
            "cut has no 'dirction'; did you mean 'direction'? It is written: cut LINK [FROM->TO]"
        ), ("kill ping signal=9", "kill has no 'signal'; it may have peer. It is written: kill PEER"),
        ("drop client-server durin=syn", "drop has no 'durin'; did you mean 'during'? It is written: "),
        ("refuse server:99999", "port 99999 is out of range; a port is 1…65535"),
        ("force link.loss subject=\"a b", "a quotation mark is missing its other half"),
        ("delay c0 client 1 5ms", "'c0' is not a connection; they are called c1, c2, …"),
        ("clock-skew client drift=900ms", "'drift' must be -500ms…500ms, not 900ms"),
    ])
    func whatIsWrongWithALineIsSaid(_ line: String, _ message: String) {
        #expect { try ActionSyntax(lab: lab).action(line) } throws: { error in
            let text = "\(error)"
            return text == message || (message.hasSuffix(" ") && text.hasPrefix(message))
        }
    }

    /// The name that the screen gives a segment is taken wherever an action is: on a line and in a lab file.
    @Test func aSegmentGoesByItsName() throws {
        let syntax = ActionSyntax(lab: lab)
        #expect(try syntax.action("drop c1>3") == syntax.action("drop c1 client 3"))
        #expect(try syntax.action("delay c2<7 5ms") == syntax.action("delay c2 server 7 5ms"))
        for (short, long) in [
            ("drop: c1>3", "drop: {connection: c1, side: client, segment: 3}"),
            ("delay: c2<7, by: 5ms", "delay: {connection: c2, side: server, segment: 7, by: 5ms}"),
            ("drop: {connection: c1>3}", "drop: {connection: c1, side: client, segment: 3}"),
        ] {
            let read = try [short, long].map { entry in
                try LabFile.read(text: Actions.lab + "faults:\n  - {at: 1s, \(entry)}\n", name: "x").faults
            }
            #expect(read[0] == read[1] && read[0].count == 1, "\(short)")
        }
    }

    @Test func aHostNamedLikeAPeerIsToldFromIt() throws {
        let text = """
            lab: twins
            hosts: [a, b, c1]
            links: [{between: [a, b]}, {between: [b, c1]}]
            peers:
              - {name: a, on: b, listen: 1, run: echo}
              - {name: c2, on: a, connect: "b:1", run: ping-pong}
            """
        let lab = try LabFile.read(text: text, name: "x")
        let syntax = ActionSyntax(lab: lab)
        let actions: [Action] = [
            .slowReader(.host(HostID(0)), bytesPerSecond: 5), .slowReader(.process(ProcessID(0)), bytesPerSecond: 5),
            .reset(.process(ProcessID(1))), .reset(.connection(ConnectionID(2), nil)),
            .shortRead(.host(HostID(2)), nil), .clog(.host(HostID(0), nil)),
        ]
        for action in actions { #expect(try syntax.action(syntax.text(of: action)) == action) }
        #expect(syntax.text(of: actions[0]) == "slow-reader host=a 5B/s")
    }

    @Test func whatHasTheNameOfSomethingElseIsWrittenSoThatItIsReadBack() throws {
        let lab = try LabFile.read(
            text: """
                lab: x
                duration: 1s
                hosts: {a: {}, a-b: {}, b-c: {}, c: {}, c1: {}}
                links: [{between: [a, b-c]}, {between: [a-b, c]}, {between: [c1, c]}]
                peers:
                  - {name: c2, on: a, listen: 4500, run: echo}
                  - {name: b-c, on: c, connect: "a:4500", run: ping-pong}
                """, name: "x")
        let syntax = ActionSyntax(lab: lab)
        let one = ConnectionID(1)
        let actions: [Action] = [
            .cut(LinkID(0), nil), .cut(LinkID(1), .backward), .clog(.link(LinkID(0), nil)), .cut(LinkID(2), nil),
            .unshape(LinkID(1), nil, .loss), .reset(.connection(one, nil)), .reset(.connection(ConnectionID(2), nil)),
            .slowReader(.connection(one), bytesPerSecond: 9),
            .slowReader(.connection(ConnectionID(2)), bytesPerSecond: 9),
            .slowReader(.process(ProcessID(0)), bytesPerSecond: 9), .slowReader(.host(HostID(4)), bytesPerSecond: 9),
            .slowReader(.host(HostID(2)), bytesPerSecond: 9), .clog(.host(HostID(4), nil)),
        ]
        for action in actions {
            let text = syntax.text(of: action)
            #expect((try? syntax.action(text)) == action, "\(text)")
        }
    }
}
