import Bug
public import PeerNetworking
import NIOCore
import Synchronization

/// A network in memory, without time or faults of its own: what is written is there at once.
///
/// For component tests, which look at one part; `SimNetwork` is the one with latency, loss and segments.
public final class MockNetwork: Sendable {
    private struct State {
        var hosts: [String] = []
        /// Looked up, never iterated over.
        var listeners: [Endpoint: MockListenerCore] = [:]
        var lastConnection: UInt32 = 0
        var lastPort: UInt16 = 32_767
        var attempts = 0

        mutating func nextPort() -> UInt16 {
            lastPort = lastPort == .max ? 32_768 : lastPort + 1
            return lastPort
        }
    }

    private let state = Mutex(State())
    /// Bytes that each direction of a connection holds; a writer waits while it is full.
    public let bufferBytes: Int

    /// Makes a network without hosts.
    ///
    /// - Parameter bufferBytes: what each direction of a connection holds, 1 or more.
    public init(bufferBytes: Int = 65_536) {
        insist(bufferBytes >= 1, "a connection without a buffer carries nothing")
        self.bufferBytes = bufferBytes
    }

    /// How often somebody tried to connect.
    public var connectAttempts: Int { state.withLock { $0.attempts } }

    /// The network of a host, which exists from now on.
    public func provider(for host: String) -> MockNetworkProvider {
        state.withLock { state in
            if !state.hosts.contains(host) { state.hosts.append(host) }
        }
        return MockNetworkProvider(network: self, host: host)
    }

    func knows(_ host: String) -> Bool { state.withLock { $0.hosts.contains(host) } }

    func connect(from host: String, port: UInt16, to remote: Endpoint) throws(NetworkError) -> MockStream {
        let found = state.withLock { state -> Result<MockStream, NetworkError> in
            state.attempts += 1
            guard state.hosts.contains(remote.host) else {
                return .failure(NetworkError(.nameNotFound, during: .connect, remote: remote))
            }
            guard let listener = state.listeners[remote] else {
                return .failure(NetworkError(.connectionRefused, during: .connect, remote: remote))
            }
            state.lastConnection += 1
            let connection = MockConnection(id: ConnectionID(state.lastConnection), capacity: bufferBytes)
            let local = Endpoint(host: host, port: port == 0 ? state.nextPort() : port)
            listener.add(MockStream(pipe: connection, side: 1, local: remote, remote: local))
            return .success(MockStream(pipe: connection, side: 0, local: local, remote: remote))
        }
        return try found.get()
    }

    func listen(on local: Endpoint) throws(NetworkError) -> MockListener {
        let made = state.withLock { state -> Result<MockListener, NetworkError> in
            var local = local
            if local.port == 0 { local.port = state.nextPort() }
            guard state.listeners[local] == nil else {
                return .failure(NetworkError(.addressInUse, during: .listen, local: local))
            }
            let core = MockListenerCore()
            state.listeners[local] = core
            return .success(MockListener(network: self, core: core, local: local))
        }
        return try made.get()
    }

    func stopListening(on local: Endpoint) { state.withLock { $0.listeners[local] = nil } }
}

/// The network of a host in memory.
public struct MockNetworkProvider: NetworkProvider {
    let network: MockNetwork
    let host: String

    /// Opens a connection at once.
    ///
    /// - Throws: `nameNotFound`, `connectionRefused` or `cancelled`.
    public func connect(to remote: Endpoint, fromPort port: UInt16) async throws(NetworkError) -> MockStream {
        guard !Task.isCancelled else { throw NetworkError(.cancelled, during: .connect, remote: remote) }
        return try network.connect(from: host, port: port, to: remote)
    }

    /// Listens on a port of the host.
    ///
    /// - Throws: `addressInUse`, `addressNotAvailable` or `cancelled`.
    public func listen(on local: Endpoint) async throws(NetworkError) -> MockListener {
        guard !Task.isCancelled else { throw NetworkError(.cancelled, during: .listen, local: local) }
        guard local.host == host else { throw NetworkError(.addressNotAvailable, during: .listen, local: local) }
        return try network.listen(on: local)
    }

    /// A host's name is its address.
    ///
    /// - Throws: `nameNotFound`.
    public func resolve(_ name: String) async throws(NetworkError) -> String {
        guard network.knows(name) else { throw NetworkError(.nameNotFound, during: .resolve, reason: name) }
        return name
    }
}
