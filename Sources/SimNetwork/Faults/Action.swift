public import PeerNetworking

/// Something done to a running network: by a lab's schedule, a script, or a hand on the screen.
public enum Action: Hashable, Sendable {
    /// Cuts a link: what is on it is lost, and what is sent over it. One direction, or both where none is given.
    case cut(LinkID, LinkDirection?)
    /// Heals a link.
    case heal(LinkID, LinkDirection?)
    /// Takes a host's power: its processes and sockets are gone without a word.
    case powerLoss(HostID)
    /// Gives a host its power back and starts its processes.
    case powerOn(HostID)
    /// Kills a process: its kernel closes its sockets, with a reset where bytes were unread.
    case kill(ProcessID)
    /// Starts a process again, killing it first if it runs.
    case restart(ProcessID)
    /// Stops a process; its kernel goes on acknowledging until the receive buffers are full.
    case pause(ProcessID)
    /// Lets a paused process go on.
    case resume(ProcessID)
    /// Holds a process's reads to so many bytes a second; 0 lifts the limit.
    case slowReader(ProcessID, bytesPerSecond: Int64)
    /// Resets both ends of a connection.
    case reset(ConnectionID)
    /// Drops a segment that is on the wire: the `ordinal`-th that this side of the connection has sent.
    case drop(ConnectionID, from: Side, ordinal: Int64)
    /// Puts off the arrival of a segment that is on the wire, by nanoseconds.
    case delay(ConnectionID, from: Side, ordinal: Int64, by: Int64)

    /// The family it is counted under.
    public var family: FaultFamily {
        switch self {
        case .cut, .heal: .cut
        case .powerLoss: .powerLoss
        case .powerOn: .powerOn
        case .kill: .processKill
        case .restart: .restart
        case .pause: .pause
        case .resume: .resume
        case .slowReader: .slowReader
        case .reset: .reset
        case .drop: .drop
        case .delay: .delay
        }
    }

    /// Whether it ends a fault instead of starting one.
    public var heals: Bool {
        switch self {
        case .heal, .slowReader(_, bytesPerSecond: 0): true
        default: false
        }
    }
}

/// Why an action could not be carried out.
public struct ActionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason, as a sentence for the user.
    public let description: String

    init(_ description: String) { self.description = description }
}
