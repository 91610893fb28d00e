import NIOCore
import PeerNetworking

/// Checks what comes.
actor TopicReader {
    nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let providers: Providers
    private let number: PeerNumber
    private let topics: [String]
    private let count: UInt64
    private let all: any Signal
    private var taken: UInt64 = 0
    private(set) var isCorrect = true
    /// The highest place of each publisher; looked up, never iterated over.
    private var places: [UInt64: UInt64] = [:]

    init(_ providers: Providers, _ number: PeerNumber, topics: [String], count: UInt64) {
        self.providers = providers
        self.number = number
        self.topics = topics
        self.count = count
        executor = providers.tasks.executor
        all = providers.tasks.makeSignal()
    }

    func take(_ bytes: ByteBuffer) {
        guard let message = TopicMessage(bytes), message.kind == .publish, topics.contains(message.topic) else {
            isCorrect = false
            return
        }
        let fill = UInt8(truncatingIfNeeded: message.place)
        if !message.body.readableBytesView.allSatisfy({ $0 == fill }) { isCorrect = false }
        let last = places[message.publisher] ?? 0
        // A publisher that lost its connection sends again what was not confirmed: once more, and in its order.
        guard message.place > last else { return }
        places[message.publisher] = message.place
        taken += 1
        providers.observer.note(.progress(done: taken, of: count), of: number)
        if taken == count { all.notify() }
    }

    /// - Returns: whether it has as many as it waits for.
    func waitForAll() async -> Bool {
        while count == 0 || taken < count { if (try? await all.wait()) == nil { return false } }
        return true
    }
}
