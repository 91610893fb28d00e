import PeerNetworking
import TCP
import Testing

@testable import SimNetwork

/// The levels of an end of a connection, which are told apart by their places.
@Suite struct EndLevelTests {
    @Test func placesAreTheLevelsOwn() {
        #expect(EndLevel.all.map(\.place) == Array(0..<EndLevel.all.count), "a place twice, or one left out")
        #expect(EndLevel.all.count <= EndLevels.capacity)
        #expect(Set(EndLevel.all.map(\.key)).count == EndLevel.all.count)
        #expect(Set(EndLevel.all.map(\.label)).count == EndLevel.all.count)
    }

    @Test(arguments: EndLevel.all)
    func aLevelMovesAloneAndComesBackFromBytes(level: EndLevel) {
        var levels = EndLevels()
        levels[level] = 70_000
        let change = EndChange(levels, since: EndLevels())
        #expect(change.moved == [level])
        var writer = RecordWriter()
        defer { writer.free() }
        writer.reserve(64)
        writer.write(change)
        var reader = RecordReader(writer.bytes)
        let read = reader.endChange()
        #expect(read == change)
        #expect(EndLevels().applying(read)[level] == 70_000)
    }

    /// After a power loss an old SYN makes another socket: what the one before it had is not its.
    @Test func anotherSocketAtAnEndBeginsAnew() {
        let hosts = TwoHosts()
        var state = hosts.simulation.beginning()
        let id = ConnectionID(1)
        var levels = EndLevels()
        (levels.retransmissions, levels.smoothedRoundTrip) = (3, 4_000)
        state.apply(
            EventRecord(
                number: 1, time: 1, kind: .arrival, cause: 0, place: 0,
                changes: [
                    .opened(id, from: hosts.client, fromPort: 9, to: hosts.server, toPort: 80, by: nil),
                    .tcp(id, .server, .established), .end(id, .server, EndChange(levels, since: EndLevels())),
                ]))
        #expect(state.connections[0].server.levels == levels)
        state.apply(
            EventRecord(
                number: 2, time: 2, kind: .arrival, cause: 1, place: 0,
                changes: [.tcp(id, .server, nil), .tcp(id, .server, .synReceived)]))
        #expect(state.connections[0].server.levels == EndLevels())
    }
}
