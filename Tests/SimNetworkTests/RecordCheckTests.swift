import PeerNetworking
import TCP
import Testing

@testable import SimNetwork

/// What records of a file may say.
@Suite struct RecordCheckTests {
    private static let topology: Topology = {
        var topology = Topology()
        let hosts = [topology.addHost("a"), topology.addHost("b")]
        topology.connect(hosts[0], hosts[1], LinkProperties(latency: .constant(1_000_000)))
        return topology
    }()

    private static func opened(_ number: UInt32) -> Change {
        .opened(ConnectionID(number), from: HostID(0), fromPort: 1_000, to: HostID(1), toPort: 80, by: nil)
    }

    /// A log of one event.
    private static func log(_ changes: [Change]) -> RecordLog {
        var log = RecordLog()
        log.append(EventRecord(number: 1, time: 5, kind: .observed, changes: changes))
        return log
    }

    private static func check(_ changes: [Change]) throws -> [EventRecord] {
        let log = log(changes)
        var check = RecordCheck(topology: topology, processes: 1)
        try check.arrange(log.recorded(0...0))
        return try check.events(log.recorded(1...1))
    }

    /// Numbers are given when a connection is asked for, and its SYN may be seen after another's.
    @Test func connectionsAreFoundInWhicheverOrderTheyAreSeen() throws {
        let changes = [3, 1, 2].map(Self.opened) + [.tcp(ConnectionID(1), .client, .synSent)]
        #expect(try Self.check(changes).first?.changes == changes)
        var state = WorldState(hosts: 2, links: 1)
        let log = Self.log(changes)
        state.applyNext(of: log)
        #expect(state.connections.map(\.id.number) == [1, 2, 3])
        #expect(state.connection(ConnectionID(1))?.client.state == .synSent)
    }

    @Test func noneIsOpenedTwice() {
        let damage = #expect(throws: RecordDamage.self) { try Self.check([Self.opened(1), Self.opened(1)]) }
        #expect(damage?.what == "event 1 has a connection that is opened twice")
    }
}
