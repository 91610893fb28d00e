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
}
