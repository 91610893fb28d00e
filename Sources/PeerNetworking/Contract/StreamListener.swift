/// A bound port that takes connections, after the manner of a listening TCP socket.
public protocol StreamListener: Sendable {
    /// What ``accept()`` returns.
    associatedtype Stream: ByteStream

    /// The endpoint it is bound to, with the port that was chosen where port 0 was asked for.
    var local: Endpoint { get }

    /// Waits for a connection and takes it from the backlog.
    ///
    /// - Throws: `closed` once the listener is closed, `tooManyOpenFiles` at the limit of sockets, or `cancelled`.
    func accept() async throws(NetworkError) -> Stream

    /// Stops listening. Connections that wait in the backlog are reset, as on Linux; accepted ones live on.
    func close() async
}

extension StreamListener {
    /// The accepted connections, until the listener is closed.
    public var connections: AcceptedConnections<Self> { AcceptedConnections(listener: self) }
}

/// The connections that a listener accepts, one after the other.
public struct AcceptedConnections<Listener: StreamListener>: AsyncSequence, Sendable {
    let listener: Listener

    /// Accepts one connection after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let listener: Listener

        /// Waits for the next connection; `nil` once the listener is closed.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(NetworkError) -> Listener.Stream? {
            do {
                return try await listener.accept()
            } catch  where error.code == .closed {
                return nil
            }
        }

        /// Waits for the next connection; `nil` once the listener is closed.
        public mutating func next() async throws(NetworkError) -> Listener.Stream? {
            try await next(isolation: nil)
        }
    }

    /// Starts to accept.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(listener: listener) }
}
