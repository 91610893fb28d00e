/// Opens and accepts connections: the network as a peer sees it, simulated or real.
public protocol NetworkProvider: Sendable {
    /// The connections that this provider makes.
    associatedtype Stream: ByteStream
    /// The listeners that this provider makes.
    associatedtype Listener: StreamListener where Listener.Stream == Stream

    /// Opens a connection.
    ///
    /// - Parameters:
    ///   - remote: a host by name or address, and its port.
    ///   - port: the local port to connect from; 0 chooses a free one of the ephemeral range.
    /// - Throws: `connectionRefused`, `timedOut`, `hostUnreachable`, `networkUnreachable`, `nameNotFound`,
    ///   `tooManyOpenFiles`, `noBufferSpace`, `addressInUse` (the local port is taken), `addressNotAvailable` (no
    ///   ephemeral port is left) or `cancelled`.
    func connect(to remote: Endpoint, fromPort port: UInt16) async throws(NetworkError) -> Stream

    /// Binds a port of this host and listens on it.
    ///
    /// - Parameter local: this host's own name or address; port 0 chooses a free one.
    /// - Throws: `addressInUse`, `addressNotAvailable`, `tooManyOpenFiles` or `permissionDenied`.
    func listen(on local: Endpoint) async throws(NetworkError) -> Listener

    /// Turns a host's name into its numeric address; an address stays as it is.
    ///
    /// - Throws: `nameNotFound` or `timedOut`.
    func resolve(_ name: String) async throws(NetworkError) -> String
}

extension NetworkProvider {
    /// Opens a connection from a free local port.
    ///
    /// - Throws: as ``connect(to:fromPort:)``.
    public func connect(to remote: Endpoint) async throws(NetworkError) -> Stream {
        try await connect(to: remote, fromPort: 0)
    }
}
