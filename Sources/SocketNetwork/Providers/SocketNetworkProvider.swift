internal import NIOCore
public import PeerNetworking

/// The network of a process on real sockets.
///
/// With a directory, names are those of the lab's hosts and ports are the lab's; without one, they are the system's.
public struct SocketNetworkProvider: NetworkProvider {
    private let executor: EventLoopExecutor
    private let life: Confined<ProcessLife>

    /// The network of a process.
    public init(_ process: SocketProcess) {
        executor = process.executor
        life = process.life
    }

    /// Opens a connection. The kernel alone limits how long it tries (about two minutes); a caller may cancel earlier.
    ///
    /// A name's addresses are tried IPv6 and IPv4 in turn, one more every 250 ms or as soon as one fails, until one is
    /// connected (RFC 8305); from a port that is given, one after the other.
    ///
    /// - Throws: `connectionRefused`, `timedOut`, `hostUnreachable`, `networkUnreachable`, `nameNotFound`,
    ///   `tooManyOpenFiles`, `addressInUse` (the local port is taken), `addressNotAvailable` (no ephemeral port is left) or
    ///   `cancelled`.
    public func connect(to remote: Endpoint, fromPort port: UInt16) async throws(NetworkError) -> SocketStream {
        let life = life
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) -> SocketStream in
                try await life.value.connect(to: remote, fromPort: port)
            }
        }
        return try await life.value.connect(to: remote, fromPort: port)
    }

    /// Binds a port, with `SO_REUSEADDR` as servers do, and listens on it.
    ///
    /// - Throws: `addressInUse`, `addressNotAvailable` (also for another host's name), `nameNotFound`,
    ///   `tooManyOpenFiles`, `permissionDenied` or `cancelled`.
    public func listen(on local: Endpoint) async throws(NetworkError) -> SocketListener {
        let life = life
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) -> SocketListener in
                try await life.value.listen(on: local)
            }
        }
        return try await life.value.listen(on: local)
    }

    /// Turns a host's name into its numeric address; an address stays as it is.
    ///
    /// - Throws: `nameNotFound` or `cancelled`.
    public func resolve(_ name: String) async throws(NetworkError) -> String {
        let life = life
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) -> String in
                try await life.value.resolve(name)
            }
        }
        return try await life.value.resolve(name)
    }
}
