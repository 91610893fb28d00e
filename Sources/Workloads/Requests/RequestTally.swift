import PeerNetworking

/// Counts requests and their responses.
actor RequestTally {
    nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let providers: Providers
    private let number: PeerNumber
    private let all: any Signal
    private let count: UInt64
    private var askers: Int
    private var asked: UInt64 = 0
    private var answered: UInt64 = 0
    /// Requests that will have no response any more.
    private var failed: UInt64 = 0
    private var isCorrect = true

    init(executor: any SerialExecutor, count: UInt64, parallel: Int, _ providers: Providers, _ name: String) {
        self.executor = executor
        self.count = count
        self.providers = providers
        askers = parallel
        all = providers.tasks.makeSignal()
        number = providers.observer.register(name, queueCapacity: 1)
    }

    /// The number of the next request; nil where there is none.
    func next() -> UInt64? {
        guard count == 0 || asked < count else { return nil }
        asked += 1
        return asked
    }

    /// A response came: the progress is how many there are.
    func answer(correct: Bool) {
        answered += 1
        if !correct { isCorrect = false }
        providers.observer.note(.progress(done: answered, of: count), of: number)
    }

    /// A request came to its end without a response.
    func fail() {
        failed += 1
        isCorrect = false
    }

    func left() {
        askers -= 1
        if askers == 0 { all.notify() }
    }

    func waitForAll() async {
        while askers > 0 { if (try? await all.wait()) == nil { return } }
    }

    func finish() {
        guard count > 0, answered + failed == count else { return }
        providers.observer.note(.finished(correct: isCorrect), of: number)
    }
}
