import Testing

@testable import SimNetwork

@Suite struct StableTableTests {
    @Test func countsEachKeyByItself() {
        var table = StableTable()
        var expected: [UInt64: UInt64] = [:]
        // Many keys that share their low bits, key 0 among them: they must be found past one another, and after growth.
        for round in 0..<3 {
            for index in 0..<200 where index % (round + 1) == 0 {
                let key = UInt64(index) << 40
                expected[key, default: 0] += 1
                #expect(table.increment(key) == expected[key])
            }
        }
        for index in 0..<200 { #expect(table.number(of: UInt64(index) << 40) == expected[UInt64(index) << 40]) }
        #expect(table.number(of: 1) == 0)
    }

    @Test func keepsNumbersThatAreInserted() {
        var table = StableTable()
        for index in 1...100 as ClosedRange<UInt64> { table.insert(index, for: Draw.stableHash("name \(index)")) }
        for index in 1...100 as ClosedRange<UInt64> {
            #expect(table.number(of: Draw.stableHash("name \(index)")) == index)
        }
    }

    @Test func aCopyIsAnother() {
        var table = StableTable()
        _ = table.increment(7)
        let before = table
        _ = table.increment(7)
        #expect(before.number(of: 7) == 1)
        #expect(table.number(of: 7) == 2)
    }
}
