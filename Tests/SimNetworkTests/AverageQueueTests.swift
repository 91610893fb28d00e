import PeerNetworking
import Testing

@testable import SimNetwork

/// How random early detection reckons a queue's length.
@Suite struct AverageQueueTests {
    private static let rate: Int64 = 1_000_000

    private func queue() -> (AverageQueue, RandomEarlyDetection) {
        var red = RandomEarlyDetection()
        (red.least, red.most, red.weight) = (1_000, 50_000, Probability(0.05))
        var queue = AverageQueue()
        for packet in 0..<200 {
            _ = queue.arrival(red, waiting: 30_000, idle: .max, rate: Self.rate, queue: 60_000, at: Int64(packet))
        }
        return (queue, red)
    }

    @Test("A quiet time makes the average smaller once, and not with each packet that comes after it")
    func quiet() {
        var (queue, red) = queue()
        let busy = queue.bytes
        #expect(busy > 29_000)
        func arrive(at now: Int64) {
            _ = queue.arrival(red, waiting: 0, idle: 1_000, rate: Self.rate, queue: 60_000, at: now)
        }
        arrive(at: 20_000_000)
        let after = queue.bytes
        #expect(after < busy / 2, "as if 20 packets had found it empty")
        arrive(at: 20_000_001)
        #expect(queue.bytes > after - after / 15, "one more alone: \(after), \(queue.bytes)")
    }

    @Test(
        "The bounds are in order whichever of them is given",
        arguments: [(0, 0, 1_000...3_000), (3_900, 0, 3_900...7_800), (0, 900, 300...900)]
            as [(Int64, Int64, ClosedRange<Int64>)])
    func bounds(least: Int64, most: Int64, expected: ClosedRange<Int64>) {
        var red = RandomEarlyDetection()
        (red.least, red.most) = (least, most)
        let (low, high) = red.bounds(of: 4_000)
        #expect(low...high == expected)
    }
}
