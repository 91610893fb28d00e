package import PeerNetworking

/// Decides what becomes of the calls of one process: the faults of a lab. In production there are none, which costs a branch.
///
/// Asked on the event loop, in the course of the call. It must return soon and must not call back.
package protocol SocketFaults: Sendable {
    /// How looking a name up fails; nil where nothing is done to that.
    func lookUp(_ name: String) -> FailedLookUp?
    /// What keeps the process from having one socket more; nil where nothing does.
    ///
    /// - Parameter open: how many it has, without those that wait to be accepted.
    func lack(for call: SocketCall, open: Int) -> NetworkError.Code?
    /// An attempt to connect has come to nothing before a connection was asked for.
    func unasked(_ remote: Endpoint, _ error: NetworkError)
    /// A connection is about to be asked for.
    ///
    /// - Returns: whether it is refused.
    func refuses(_ connection: ConnectionID, to remote: Endpoint) -> Bool
    /// Whether the backlog of a listener of the process is to be full.
    func isBacklogFull(ofPort port: UInt16) -> Bool
    /// Whether something is done to the process's reads and writes on a connection; only then the next three are asked.
    func concernsCalls(on connection: ConnectionID) -> Bool
    /// How a connection is closed under a read or write; nil where it is not.
    func close(under connection: ConnectionID, _ side: SocketSide) -> SocketClose?
    /// How much a read takes of what there is; it will take as much.
    func portion(ofRead bytes: Int, on connection: ConnectionID, _ side: SocketSide) -> SocketPortion
    /// How much a write takes at once.
    func portion(ofWrite bytes: Int, on connection: ConnectionID, _ side: SocketSide) -> SocketPortion
}

/// A look-up that is slow, or fails.
package struct FailedLookUp: Sendable {
    /// How long it takes, in nanoseconds.
    package var nanoseconds: Int64
    /// How it fails then; nil where the name is found after all.
    package var error: NetworkError?

    /// A look-up that takes so many nanoseconds and then fails, or does not.
    package init(nanoseconds: Int64, error: NetworkError?) {
        self.nanoseconds = nanoseconds
        self.error = error
    }
}

/// A call that needs a socket.
package enum SocketCall: Hashable, Sendable {
    /// A connection to a host is to be opened.
    case connect(Endpoint)
    /// A port is to be listened on.
    case listen
    /// A connection that waits is to be accepted.
    case accept
}

/// How a connection is closed under its application.
package struct SocketClose: Hashable, Sendable {
    /// Who learns of it: the end whose call it is, the other one, or both. Who does not finds out when it next sends.
    package enum Learns: Hashable, Sendable {
        case this, other, both
    }

    /// Who learns of it.
    package var learns: Learns
    /// Whether those who learn of it see a reset, and not the end of the stream.
    package var isReset: Bool

    /// A close of which so many learn.
    package init(_ learns: Learns, isReset: Bool) {
        self.learns = learns
        self.isReset = isReset
    }
}

/// What a read or write takes.
package enum SocketPortion: Hashable, Sendable {
    /// All that it can.
    case all
    /// So many bytes at most.
    case most(Int)
    /// Nothing before so many nanoseconds have passed.
    case nothing(nanoseconds: Int64)
}
