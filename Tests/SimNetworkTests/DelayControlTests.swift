import Testing

@testable import SimNetwork

/// When controlled delay strikes: RFC 8289's rules, by their own numbers.
@Suite struct DelayControlTests {
    private static let millisecond: Int64 = 1_000_000

    /// Packets that leave each millisecond after a wait; the times, in milliseconds, at which one is struck.
    private func struck(
        _ control: inout DelayControl, from start: Int64 = 0, for time: Int64, wait: Int64, isAlone: Bool = false
    ) -> [Int64] {
        (start..<start + time).filter {
            control.strikes(
                ControlledDelay(), after: wait * Self.millisecond, at: $0 * Self.millisecond, isAlone: isAlone)
        }
    }

    @Test("One is dropped after an interval, and then by the square root of how many were")
    func pace() {
        var control = DelayControl()
        // 100, then 100/√1, 100/√2, 100/√3, …
        #expect(struck(&control, for: 500, wait: 20) == [100, 200, 271, 329, 379, 424, 464])
    }

    @Test("A wait that is short once ends it, and one that is long begins to be counted anew")
    func relief() {
        var control = DelayControl()
        #expect(struck(&control, for: 150, wait: 20) == [100])
        #expect(struck(&control, from: 150, for: 1, wait: 4) == [])
        #expect(struck(&control, from: 151, for: 100, wait: 20) == [])
        #expect(struck(&control, from: 251, for: 1, wait: 20) == [251])
    }

    @Test("Soon after, it goes on at the pace that had helped; later it begins anew")
    func memory() {
        var control = DelayControl()
        _ = struck(&control, for: 500, wait: 20)
        _ = struck(&control, from: 500, for: 1, wait: 1)
        var (soon, late) = (control, control)
        // Seven were dropped since it began with one: the next come as after the sixth.
        #expect(struck(&soon, from: 501, for: 200, wait: 20) == [601, 642, 680])
        #expect(struck(&late, from: 3_000, for: 300, wait: 20) == [3_100, 3_200, 3_271])
    }

    @Test func whoWaitsForOneOtherAloneIsLetThrough() {
        var control = DelayControl()
        #expect(struck(&control, for: 500, wait: 20, isAlone: true).isEmpty)
    }
}
