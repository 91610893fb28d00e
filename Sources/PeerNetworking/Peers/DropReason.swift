/// Why a message was dropped.
public enum DropReason: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The unreliable queue was full.
    case queueFull
    /// Unreliable, and the connection was lost before it was handed to it.
    case connectionLost
    /// The peer was closed or failed before it could be sent.
    case peerClosed
    /// Unreliable, and the receiver's inbox was full: its application does not keep up.
    case inboxFull
    /// Larger than the other side takes.
    case tooLarge
    /// Unreliable, and newer ones of the same sender came before it, by another connection.
    case overtaken

    /// The reason in words.
    public var description: String {
        switch self {
        case .queueFull: "queue full"
        case .connectionLost: "connection lost"
        case .peerClosed: "peer closed"
        case .inboxFull: "inbox full"
        case .tooLarge: "larger than the other side takes"
        case .overtaken: "overtaken by newer ones"
        }
    }
}
