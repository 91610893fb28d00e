import Synchronization
import Testing

@testable import SimNetwork

/// Logs with a common past share it, wherever in a chunk they part.
@Suite struct RecordLogSharingTests {
    /// The records of events, told apart by their times and by which log they were added to.
    private func extend(_ log: inout RecordLog, to count: Int, mark: Int64) {
        while log.count < count {
            log.append(
                EventRecord(
                    number: log.count + 1, time: Int64(log.count + 1) * 1_000 + mark, kind: .timer, cause: 0,
                    changes: []))
        }
    }

    private func check(_ log: RecordLog, _ marks: [(upTo: Int, mark: Int64)]) {
        var event = 1
        var wrong: [Int] = []
        for (end, mark) in marks {
            while event <= min(end, log.count) {
                if log.time(ofEvent: event) != Int64(event) * 1_000 + mark { wrong.append(event) }
                event += 1
            }
        }
        #expect(event == log.count + 1 && wrong.isEmpty, "\(wrong.prefix(3))")
    }

    @Test func eachHasItsOwnBehindWhatItShares() {
        var log = RecordLog()
        extend(&log, to: 15_000, mark: 0)
        var first = log.prefix(12_000)
        extend(&first, to: 13_000, mark: 1)
        var second = first.prefix(12_500)
        extend(&second, to: 31_000, mark: 2)
        let third = second.prefix(12_200)
        var fourth = second.prefix(20_000)
        extend(&fourth, to: 20_001, mark: 3)
        // Where the one that is left goes on, the others keep what they have of it.
        extend(&log, to: 25_000, mark: 4)
        check(log, [(15_000, 0), (25_000, 4)])
        check(first, [(12_000, 0), (13_000, 1)])
        check(second, [(12_000, 0), (12_500, 1), (31_000, 2)])
        check(third, [(12_000, 0), (12_200, 1)])
        check(fourth, [(12_000, 0), (12_500, 1), (20_000, 2), (20_001, 3)])
        check(log.prefix(0), [])
    }

    @Test func whatIsSharedLeavesMemoryWithWhoHasIt() {
        final class Store: RecordStore {
            let parts = Mutex<[[UInt8]]>([])
            func put(_ bytes: [UInt8]) -> Int64? {
                parts.withLock { parts in
                    parts.append(bytes)
                    return Int64(parts.count - 1)
                }
            }
            func bytes(at place: Int64, count: Int) -> [UInt8] { parts.withLock { $0[Int(place)] } }
        }
        var log = RecordLog(keeping: .stored(Store(), beyond: 0))
        extend(&log, to: 15_000, mark: 0)
        var other = log.prefix(14_000)
        extend(&other, to: 25_000, mark: 1)
        check(other, [(14_000, 0), (25_000, 1)])
        check(log, [(15_000, 0)])
        #expect(other.storedBytes > log.storedBytes)
    }

    /// Wherever the ten leave the first: what they take is what their own events take, and little more.
    @Test(arguments: [5_000, 55_500, 99_990])
    func tenTimelinesShareTheirPast(fork: Int) {
        let events = 100_000
        var logs = [RecordLog()]
        extend(&logs[0], to: events, mark: 0)
        var counted: Set<UnsafeRawPointer> = []
        let one = logs[0].bytes(beside: &counted)
        for number in 1..<10 {
            var log = logs[0].prefix(fork - number)
            extend(&log, to: events, mark: Int64(number))
            logs.append(log)
        }
        counted = []
        let all = logs.reduce(0) { $0 + $1.bytes(beside: &counted) }
        let distinct = events + (1..<10).reduce(0) { $0 + events - fork + $1 }
        #expect(Double(all) <= 1.3 * Double(one) * Double(distinct) / Double(events), "\(all) of \(one)")
    }
}
