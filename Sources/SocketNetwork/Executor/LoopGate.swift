internal import PeerNetworking

/// Brings a call from another executor onto the loop. The calls of peers come in on the loop and do not pass here.
actor LoopGate {
    let executor: EventLoopExecutor

    init(_ executor: EventLoopExecutor) {
        self.executor = executor
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func run<Output: Sendable>(
        _ body: @Sendable () async throws(NetworkError) -> Output
    ) async throws(NetworkError) -> Output {
        arrive()
        return try await body()
    }

    func run<Output: Sendable>(_ body: @Sendable () async -> Output) async -> Output {
        arrive()
        return await body()
    }

    /// Without work of the actor's own before the call, the compiler (6.3) leaves the hop out and the body runs where
    /// the caller was.
    @inline(never)
    func arrive() {
        executor.checkIsolated()
    }
}
