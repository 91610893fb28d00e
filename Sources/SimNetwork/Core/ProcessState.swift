/// Where a process is in its life.
public enum ProcessState: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Defined and not started yet.
    case defined
    /// Running.
    case running
    /// Stopped by a signal, its sockets alive in the kernel.
    case paused
    /// Ended by itself.
    case exited
    /// Killed.
    case killed
    /// Its host has no power.
    case off

    /// The state in words.
    public var description: String {
        switch self {
        case .defined: "defined"
        case .running: "running"
        case .paused: "paused"
        case .exited: "exited"
        case .killed: "killed"
        case .off: "off"
        }
    }
}
