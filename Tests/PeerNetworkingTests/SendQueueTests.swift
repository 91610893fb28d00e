import NIOCore
import Testing

@testable import PeerNetworking

@Suite struct SendQueueTests {
    private func entry(_ number: UInt64, reliable: Bool = true) -> SendQueue.Entry {
        SendQueue.Entry(
            number: number, delivery: reliable ? .reliable : .unreliable, payload: ByteBuffer(integer: number))
    }

    private func queue(_ capacity: Int, _ numbers: ClosedRange<UInt64>) -> SendQueue {
        var queue = SendQueue(capacity: capacity)
        for number in numbers { queue.append(entry(number)) }
        return queue
    }

    @Test func unconfirmedMessagesTakeRoom() {
        var queue = queue(3, 1...3)
        #expect(queue.isFull)
        let first = queue.takeNext()
        #expect(first?.number == 1)
        #expect(queue.isFull)
        #expect(queue.depth == 3)
        let any = queue.confirm(upTo: 1)
        #expect(any)
        #expect(!queue.isFull)
        #expect(queue.depth == 2)
        queue.append(entry(4))
        #expect(queue.isFull)
        queue.checkInvariants()
    }

    @Test func unreliableMessagesLeaveWhenTaken() {
        var queue = SendQueue(capacity: 2)
        queue.append(entry(1, reliable: false))
        queue.append(entry(2, reliable: false))
        #expect(queue.isFull)
        _ = queue.takeNext()
        #expect(queue.depth == 1)
        queue.sentAtOnce(entry(3, reliable: false))
        #expect(queue.depth == 1)
        queue.sentAtOnce(entry(4))
        #expect(queue.depth == 2)
        queue.checkInvariants()
    }

    @Test func confirmingIsCumulative() {
        var queue = queue(10, 1...5)
        for _ in 1...4 { _ = queue.takeNext() }
        let none = queue.confirm(upTo: 0)
        #expect(!none)
        let some = queue.confirm(upTo: 3)
        #expect(some)
        #expect(queue.unconfirmed.map(\.number) == [4])
        // What was not sent is not confirmed, whatever the other side claims.
        let beyond = queue.confirm(upTo: .max)
        #expect(beyond)
        #expect(queue.unconfirmed.isEmpty)
        #expect(queue.waiting.map(\.number) == [5])
    }

    @Test func aLostConnectionRequeuesInOrderAndDropsTheUnreliable() {
        var queue = SendQueue(capacity: 10)
        for number in UInt64(1)...6 { queue.append(entry(number, reliable: number != 2 && number != 5)) }
        for _ in 1...3 { _ = queue.takeNext() }
        #expect(queue.unconfirmed.map(\.number) == [1, 3])
        let (requeued, dropped) = queue.connectionLost()
        #expect(requeued == [1, 3])
        #expect(dropped == [5])
        #expect(queue.waiting.map(\.number) == [1, 3, 4, 6])
        #expect(queue.unconfirmed.isEmpty)
        #expect(queue.depth == 4)
        queue.checkInvariants()
        // A second loss before anything was sent changes nothing.
        let (again, nothing) = queue.connectionLost()
        #expect(again.isEmpty && nothing.isEmpty)
        #expect(queue.waiting.map(\.number) == [1, 3, 4, 6])
    }

    @Test func discardingNamesAllInOrder() {
        var queue = queue(5, 1...4)
        _ = queue.takeNext()
        _ = queue.takeNext()
        let numbers = queue.discardAll()
        #expect(numbers == [1, 2, 3, 4])
        #expect(queue.depth == 0)
        #expect(!queue.hasWaiting)
        let none = queue.takeNext()
        #expect(none?.number == nil)
    }
}
