/// What went wrong on the network: a POSIX meaning, the operation that failed, and the endpoints it concerned.
///
/// Both providers throw the same ``Code`` for the same situation.
public struct NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure; the raw value is its name in labs, records and reports.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// Nobody listens there (`ECONNREFUSED`).
        case connectionRefused
        /// The other side reset the connection (`ECONNRESET`).
        case connectionReset
        /// This side gave the connection up (`ECONNABORTED`).
        case connectionAborted
        /// Written to a connection whose sending side is gone (`EPIPE`).
        case brokenPipe
        /// No answer in time (`ETIMEDOUT`).
        case timedOut
        /// No route to the host (`EHOSTUNREACH`).
        case hostUnreachable
        /// No route to the network (`ENETUNREACH`).
        case networkUnreachable
        /// The port is taken (`EADDRINUSE`).
        case addressInUse
        /// The address is not this host's (`EADDRNOTAVAIL`).
        case addressNotAvailable
        /// The limit of open sockets is reached (`EMFILE`).
        case tooManyOpenFiles
        /// The limit of buffer memory is reached (`ENOBUFS`).
        case noBufferSpace
        /// The permission is missing (`EACCES`).
        case permissionDenied
        /// The name does not resolve.
        case nameNotFound
        /// The address or endpoint is malformed; nothing was tried.
        case invalidAddress
        /// Used after it was closed here (`EBADF`, `ENOTCONN`).
        case closed
        /// The task was cancelled, or its process ended.
        case cancelled
        /// A bounded queue is full; the message was not admitted.
        case queueFull
        /// The other side broke the wire protocol.
        case protocolViolation
        /// The peer has given up: its retry limit is reached.
        case retriesExhausted
        /// The other side speaks another version of the wire protocol, or is not the peer that was asked for.
        case incompatible
        /// The other side will have nothing to do with this one; the reason is its own.
        case refusedByPeer
        /// The message is larger than this side or the other takes.
        case messageTooLarge
        /// The endpoint failed again and again and is left alone for a while: the circuit to it is open.
        case circuitOpen
        /// A failure of the system without a case of its own; the reason names it.
        case other
    }

    /// What was being done when it failed.
    public enum Operation: String, Hashable, Sendable {
        /// Turning a name into an address.
        case resolve
        /// Opening a connection.
        case connect
        /// Binding a listener.
        case listen
        /// Taking a connection from a listener.
        case accept
        /// Reading from a stream.
        case read
        /// Writing to a stream.
        case write
        /// Closing a stream or one direction of it.
        case close
        /// Waiting for a time.
        case sleep
        /// Sending a message through a peer.
        case send
        /// Receiving a message through a peer.
        case receive
        /// Agreeing on a connection between two peers.
        case handshake
    }

    /// The kind of failure.
    public var code: Code
    /// The operation that failed.
    public var operation: Operation
    /// The endpoint on this side, where there was one.
    public var local: Endpoint?
    /// The endpoint on the other side, where there was one.
    public var remote: Endpoint?
    /// What more is known, in words; empty when the code says it all.
    public var reason: String

    /// Makes an error of a code and the operation that failed.
    public init(
        _ code: Code, during operation: Operation, local: Endpoint? = nil, remote: Endpoint? = nil,
        reason: String = ""
    ) {
        self.code = code
        self.operation = operation
        self.local = local
        self.remote = remote
        self.reason = reason
    }

    /// One line: the operation, the endpoints, the code and the reason.
    public var description: String {
        var text = operation.rawValue
        if let remote { text += " \(remote)" }
        if let local { text += " from \(local)" }
        text += ": \(code.rawValue)"
        if !reason.isEmpty { text += " (\(reason))" }
        return text
    }
}
