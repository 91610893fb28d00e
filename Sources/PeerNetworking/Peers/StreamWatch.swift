import Synchronization

/// Ends a byte stream over which nothing goes on for longer than the configuration bears.
///
/// It has no frames of its own to ask the other side with: what it knows is how long the application's own reads and writes
/// wait, and when bytes moved last.
final class StreamWatch: Sendable {
    private struct State {
        var readingSince: Instant?
        var writingSince: Instant?
        var lastUsed: Instant
        var failure: NetworkError?
    }

    private enum Look {
        case again(Instant)
        /// A read or a write waits for too long.
        case stuck
        /// Nobody uses it.
        case idle
    }

    private let stream: any ByteStream
    private let config: PeerConfig
    private let time: any TimeProvider
    private let state: Mutex<State>

    /// Watches a stream; nil where the configuration lets everything take as long as it likes.
    init?(_ stream: any ByteStream, _ config: PeerConfig, _ time: any TimeProvider) {
        guard config.readTimeout != nil || config.writeTimeout != nil || config.idleTimeout != nil else { return nil }
        self.stream = stream
        self.config = config
        self.time = time
        state = Mutex(State(lastUsed: time.now))
    }

    /// Looks until the stream is ended here, or the task is cancelled.
    func run() async {
        while true {
            switch look() {
            case .again(let next): guard (try? await time.sleep(until: next)) != nil else { return }
            case .stuck: return await stream.reset()
            case .idle: return await stream.close()
            }
        }
    }

    /// Why it was ended here, if it was.
    var failure: NetworkError? { state.withLock { $0.failure } }

    /// Reads, and knows since when.
    func reading<Output>(
        _ body: () async throws(NetworkError) -> Output
    ) async throws(NetworkError) -> Output {
        state.withLock { $0.readingSince = time.now }
        defer { state.withLock { ($0.readingSince, $0.lastUsed) = (nil, time.now) } }
        do { return try await body() } catch { throw failure ?? error }
    }

    /// Writes, and knows since when.
    func writing<Output>(
        _ body: () async throws(NetworkError) -> Output
    ) async throws(NetworkError) -> Output {
        state.withLock { $0.writingSince = time.now }
        defer { state.withLock { ($0.writingSince, $0.lastUsed) = (nil, time.now) } }
        do { return try await body() } catch { throw failure ?? error }
    }

    /// Bytes moved without a wait.
    func used() {
        state.withLock { $0.lastUsed = time.now }
    }

    private func look() -> Look {
        let now = time.now
        return state.withLock { state in
            var next: [Instant] = []
            if let limit = config.readTimeout {
                if let since = state.readingSince, since.duration(to: now) >= limit {
                    state.failure = timedOut(.read, "nothing came for \(limit)")
                    return .stuck
                }
                next.append((state.readingSince ?? now).advanced(by: limit))
            }
            if let limit = config.writeTimeout {
                if let since = state.writingSince, since.duration(to: now) >= limit {
                    state.failure = timedOut(.write, "nothing was taken for \(limit)")
                    return .stuck
                }
                next.append((state.writingSince ?? now).advanced(by: limit))
            }
            if let limit = config.idleTimeout {
                if state.writingSince == nil, state.lastUsed.duration(to: now) >= limit {
                    state.failure = timedOut(.read, "nobody used it for \(limit)")
                    return .idle
                }
                next.append(PeerConfig.nextLook(atWhatIsIdleFor: limit, since: state.lastUsed, after: now))
            }
            return .again(next.min() ?? now)
        }
    }

    private func timedOut(_ operation: NetworkError.Operation, _ reason: String) -> NetworkError {
        NetworkError(.timedOut, during: operation, local: stream.local, remote: stream.remote, reason: reason)
    }
}
