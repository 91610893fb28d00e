package import PeerNetworking

/// One end of a connection.
package enum SocketSide: UInt8, Hashable, Sendable, CaseIterable {
    /// The end that called `connect`.
    case client
    /// The end that was accepted.
    case server
}

/// Hears what the sockets of a run do; a lab's records of a loopback run are made of it.
///
/// Called on the run's event loop, in the order in which things happen there. It must return soon and must not call
/// back.
package protocol SocketObserver: Sendable {
    /// A host opens a connection.
    /// With the local port where that is chosen before, and 0 otherwise; `process` is the number that the run's owner gave it.
    func connecting(_ connection: ConnectionID, by process: Int?, from local: Endpoint, to remote: Endpoint)
    /// The attempt has failed, or was given up.
    func failed(_ connection: ConnectionID, _ code: NetworkError.Code)
    /// One end knows that the connection is open; the server's end may know it first, once it is accepted.
    func established(_ connection: ConnectionID, _ side: SocketSide, local: Endpoint, remote: Endpoint)
    /// The application has taken bytes from a stream.
    func bytesRead(_ connection: ConnectionID, _ side: SocketSide, count: Int)
    /// The application has handed bytes to a stream.
    func bytesWritten(_ connection: ConnectionID, _ side: SocketSide, count: Int)
    /// The other side's end of the stream has arrived at this side.
    func endOfStream(_ connection: ConnectionID, _ side: SocketSide)
    /// The connection has failed at this side: a reset has arrived, or its kernel has given it up.
    func broken(_ connection: ConnectionID, _ side: SocketSide, _ code: NetworkError.Code)
    /// The socket of this side is closed.
    func closed(_ connection: ConnectionID, _ side: SocketSide)
    /// A host listens on a port of the lab.
    func listening(_ host: String, port: UInt16)
    /// A host no longer listens on a port of the lab.
    func stopped(_ host: String, port: UInt16)
}

extension SocketObserver {
    /// Does nothing.
    package func connecting(_ connection: ConnectionID, by process: Int?, from local: Endpoint, to remote: Endpoint) {}
    /// Does nothing.
    package func failed(_ connection: ConnectionID, _ code: NetworkError.Code) {}
    /// Does nothing.
    package func established(_ connection: ConnectionID, _ side: SocketSide, local: Endpoint, remote: Endpoint) {}
    /// Does nothing.
    package func bytesRead(_ connection: ConnectionID, _ side: SocketSide, count: Int) {}
    /// Does nothing.
    package func bytesWritten(_ connection: ConnectionID, _ side: SocketSide, count: Int) {}
    /// Does nothing.
    package func endOfStream(_ connection: ConnectionID, _ side: SocketSide) {}
    /// Does nothing.
    package func broken(_ connection: ConnectionID, _ side: SocketSide, _ code: NetworkError.Code) {}
    /// Does nothing.
    package func closed(_ connection: ConnectionID, _ side: SocketSide) {}
    /// Does nothing.
    package func listening(_ host: String, port: UInt16) {}
    /// Does nothing.
    package func stopped(_ host: String, port: UInt16) {}
}
