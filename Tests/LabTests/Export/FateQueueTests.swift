import Testing

@testable import Lab

/// What waits for a segment's fate comes out in order, with all that became known of it.
@Suite struct FateQueueTests {
    @Test func nothingOvertakesWhatIsOnItsWay() {
        var queue = FateQueue<String>()
        queue.append("first", of: 1)
        queue.append("note")
        queue.append("second", of: 2)
        queue.change(1) { $0 += ", lost" }
        queue.settle(2)
        #expect(queue.next() == nil)
        queue.settle(1)
        #expect([queue.next(), queue.next(), queue.next(), queue.next()] == ["first, lost", "note", "second", nil])
        // It is out already.
        queue.change(1) { $0 += "?" }
        queue.append("third", of: 3)
        #expect(queue.next() == nil && queue.next(isLast: true) == "third")
    }

    @Test func aSegmentThatGoesOnSettlesWhereItWas() {
        var queue = FateQueue<String>()
        queue.append("here", of: 1)
        queue.append("there", of: 1)
        #expect(queue.next() == "here" && queue.next() == nil)
        queue.change(1) { $0 += ", marked" }
        queue.settle(1)
        #expect(queue.next() == "there, marked")
    }

    @Test func whatIsHeldForLongIsNotWaitedFor() {
        var queue = FateQueue<Int>()
        queue.append(0, of: 0)
        var out: [Int] = []
        for number in 1...40_000 {
            queue.append(number, of: Int64(number))
            queue.settle(Int64(number))
            while let item = queue.next() { out.append(item) }
        }
        #expect(out == Array(0...40_000))
    }
}
