import SimNetwork

extension Benchmark {
    /// Pop and push on the world's own queue, holding 200 events, and nothing else: no simulation is faster than that.
    static let heapFloor = Benchmark("heap_floor_events", .eventsPerSecond) {
        let events = 4_000_000
        // Delays drawn beforehand, up to 2 ms: drawing is not what is measured.
        var generator = OrderGenerator(state: 200)
        let delays = (0..<1_024).map { _ in Int64(generator.next() % 2_000_000) }
        var queue = EventQueue()
        for index in 0..<200 {
            queue.push(
                time: delays[index], place: queue.takePlace(), kind: .timer, index: UInt32(index), generation: 0)
        }
        let time = seconds {
            for number in 0..<events {
                guard let event = queue.pop() else { return }
                queue.push(
                    time: event.time + delays[number & 1_023], place: queue.takePlace(), kind: .timer,
                    index: event.index, generation: 0)
            }
        }
        return Double(events) / time
    }
}
