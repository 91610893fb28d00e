import NIOCore
import Testing

@testable import PeerNetworking

@Suite struct SendQueueTests {
    /// Takes the next message; its number.
    private func take(_ queue: inout SendQueue) -> UInt64? {
        var used: UInt64?
        let taken = queue.takeNext { number, _, payload in
            used = number
            #expect(payload == ByteBuffer(integer: number))
        }
        #expect(taken?.number == used)
        return used
    }

    private func queue(_ capacity: Int, _ numbers: ClosedRange<UInt64>) -> SendQueue {
        var queue = SendQueue(capacity: .init(messages: capacity, bytes: 1_000))
        for number in numbers { queue.append(number) }
        return queue
    }

    @Test func unconfirmedMessagesTakeRoom() {
        var queue = queue(3, 1...3)
        #expect(queue.hasRoom(for: 0) == false)
        let first = take(&queue)
        #expect(first == 1)
        #expect(queue.hasRoom(for: 0) == false)
        #expect(queue.depth == 3)
        let highest = queue.confirm(upTo: 1)
        #expect(highest == 1)
        #expect(queue.hasRoom(for: 8) == true)
        #expect(queue.depth == 2)
        queue.append(4)
        #expect(queue.hasRoom(for: 0) == false)
        queue.checkInvariants()
    }

    @Test func unreliableMessagesLeaveWhenTaken() {
        var queue = SendQueue(capacity: .init(messages: 2, bytes: 1_000))
        queue.append(1, .unreliable)
        queue.append(2, .unreliable)
        #expect(queue.hasRoom(for: 0) == false)
        _ = take(&queue)
        #expect(queue.depth == 1)
        queue.sentAtOnce(3, .unreliable)
        #expect(queue.depth == 1)
        _ = take(&queue)
        queue.sentAtOnce(4)
        #expect(queue.depth == 1)
        queue.checkInvariants()
    }

    @Test func unreliableMessagesLeaveFromBetweenOthers() {
        var queue = SendQueue(capacity: .init(messages: 4, bytes: 1_000))
        for number in UInt64(1)...4 { queue.append(number, number == 2 ? .unreliable : .reliable) }
        let taken = (1...2).map { _ in take(&queue) }
        #expect(taken == [1, 2])
        #expect(queue.unconfirmed == [1] && queue.waiting == [3, 4])
        queue.checkInvariants()
    }

    @Test func confirmingIsCumulative() {
        var queue = queue(10, 1...5)
        for _ in 1...4 { _ = take(&queue) }
        let none = queue.confirm(upTo: 0)
        #expect(none == nil)
        let some = queue.confirm(upTo: 3)
        #expect(some == 3)
        #expect(queue.unconfirmed == [4])
        // What was not sent is not confirmed, whatever the other side claims.
        let beyond = queue.confirm(upTo: .max)
        #expect(beyond == 4)
        #expect(queue.unconfirmed == [])
        #expect(queue.waiting == [5])
    }

    @Test func aLostConnectionRequeuesInOrderAndDropsTheUnreliable() {
        var queue = SendQueue(capacity: .init(messages: 10, bytes: 1_000))
        for number in UInt64(1)...6 { queue.append(number, number == 2 || number == 5 ? .unreliable : .reliable) }
        for _ in 1...3 { _ = take(&queue) }
        #expect(queue.unconfirmed == [1, 3])
        let (requeued, dropped) = queue.connectionLost()
        #expect(requeued == [1, 3])
        #expect(dropped == [5])
        #expect(queue.waiting == [1, 3, 4, 6])
        #expect(queue.unconfirmed == [])
        #expect(queue.depth == 4)
        queue.checkInvariants()
        // A second loss before anything was sent changes nothing.
        let (again, nothing) = queue.connectionLost()
        #expect(again.isEmpty && nothing.isEmpty)
        #expect(queue.waiting == [1, 3, 4, 6])
    }

    @Test func discardingNamesAllInOrder() {
        var queue = queue(5, 1...4)
        _ = take(&queue)
        _ = take(&queue)
        let numbers = queue.discardAll()
        #expect(numbers == [1, 2, 3, 4])
        #expect(queue.depth == 0)
        #expect(queue.hasWaiting == false)
        let none = take(&queue)
        #expect(none == nil)
    }

    @Test func bytesAreBoundedToo() {
        var queue = SendQueue(capacity: .init(messages: 100, bytes: 20))
        queue.append(1)
        queue.append(2)
        #expect(queue.bytes == 16)
        #expect(queue.hasRoom(for: 4) == true)
        #expect(queue.hasRoom(for: 5) == false)
        _ = take(&queue)
        #expect(queue.hasRoom(for: 5) == false, "on the way it is held all the same")
        _ = queue.confirm(upTo: 1)
        #expect(queue.hasRoom(for: 12) == true)
        #expect(queue.hasRoom(for: 13) == false)
        queue.checkInvariants()
        // What is larger than the whole queue is taken alone, or it never could be sent.
        let discarded = queue.discardAll()
        #expect(discarded == [2])
        #expect(queue.bytes == 0)
        #expect(queue.hasRoom(for: 1_000) == true)
    }

    @Test func whatTheOtherSideDoesNotTakeWaits() {
        var queue = queue(10, 1...5)
        queue.window = .init(messages: 2, bytes: 1_000)
        let taken = (1...3).map { _ in take(&queue) }
        #expect(taken == [1, 2, nil])
        #expect(queue.hasWaiting && !queue.isReady)
        _ = queue.confirm(upTo: 1)
        #expect(queue.isReady == true)
        queue.window = .init(messages: 10, bytes: 15)
        #expect(queue.isReady == false, "two of eight bytes are more than fifteen")
        _ = queue.confirm(upTo: 2)
        let third = take(&queue)
        #expect(third == 3)
        queue.checkInvariants()
        _ = queue.connectionLost()
        #expect(queue.unconfirmedBytes == 0)
        queue.checkInvariants()
    }

    /// Every path through the marks of a queue of four: up at three, down at one, and nothing between.
    @Test func waterMarksAreApart() {
        var queue = SendQueue(capacity: .init(messages: 4, bytes: 1_000))
        var changes: [String] = []
        func look(_ what: String) { if queue.passedMark() { changes.append("\(what) \(queue.isPressed)") } }
        for number in UInt64(1)...4 {
            queue.append(number)
            look("queued \(number)")
        }
        for number in UInt64(1)...4 {
            _ = take(&queue)
            _ = queue.confirm(upTo: number)
            look("confirmed \(number)")
        }
        #expect(changes == ["queued 3 true", "confirmed 3 false"])
    }

    @Test(arguments: 1...9) func noMessageChangesThePressureTwice(capacity: Int) {
        for low in 0...9 {
            for high in low + 1...10 {
                var queue = SendQueue(
                    capacity: .init(messages: capacity, bytes: 1_000), marks: Double(low) / 10...Double(high) / 10)
                for number in UInt64(1)...UInt64(capacity) {
                    queue.append(number)
                    let (first, second) = (queue.passedMark(), queue.passedMark())
                    #expect(!(first && second), "\(low) \(high) at \(number)")
                }
                #expect(queue.isPressed == true)
                _ = queue.discardAll()
                let passed = queue.passedMark()
                #expect(passed && !queue.isPressed)
            }
        }
    }
}

extension SendQueue {
    /// A message whose payload is its number.
    fileprivate mutating func append(_ number: UInt64, _ delivery: Delivery = .reliable) {
        append(number, delivery, ByteBuffer(integer: number))
    }

    fileprivate mutating func sentAtOnce(_ number: UInt64, _ delivery: Delivery = .reliable) {
        sentAtOnce(number, delivery, ByteBuffer(integer: number))
    }
}
