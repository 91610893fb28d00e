public import PeerNetworking
import DequeModule
import Synchronization

/// A listener in memory.
public struct MockListener: StreamListener {
    let network: MockNetwork
    let core: MockListenerCore
    /// The endpoint it is bound to.
    public let local: Endpoint

    /// Takes the oldest connection, or waits for one.
    ///
    /// - Throws: `closed` or `cancelled`.
    public func accept() async throws(NetworkError) -> MockStream {
        while true {
            if Task.isCancelled { throw NetworkError(.cancelled, during: .accept, local: local) }
            guard !core.isClosed else { throw NetworkError(.closed, during: .accept, local: local) }
            if let stream = core.popFirst() { return stream }
            _ = await core.waits.wait()
        }
    }

    /// Stops listening; connections that nobody has accepted are reset.
    public func close() async {
        network.stopListening(on: local)
        for stream in core.close() { stream.pipe.reset(stream.side) }
    }
}

/// The connections that wait for a listener.
final class MockListenerCore: Sendable {
    private let state = Mutex<(waiting: Deque<MockStream>, isClosed: Bool)>(([], false))
    let waits = MockWaits()

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func add(_ stream: MockStream) {
        state.withLock { $0.waiting.append(stream) }
        waits.wakeAll()
    }

    func popFirst() -> MockStream? { state.withLock { $0.waiting.popFirst() } }

    /// - Returns: the connections that nobody has accepted.
    func close() -> [MockStream] {
        let left = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return Array(state.waiting)
        }
        waits.wakeAll()
        return left
    }
}
