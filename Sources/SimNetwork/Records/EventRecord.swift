public import PeerNetworking

/// What kind of thing an event is.
public enum EventKind: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The run begins: hosts and links are there, processes start.
    case start
    /// A segment arrives at a host.
    case arrival
    /// A segment is repeated because no acknowledgement came in time, or a closed window is probed.
    case retransmission
    /// A closed connection's time is over.
    case expiry
    /// A task's timer is due.
    case timer
    /// A fault of the lab file strikes or heals.
    case fault
    /// Somebody intervened.
    case intervention
    /// Something seen on real sockets.
    case observed
    /// What has come a while ago is acknowledged.
    case acknowledgement

    /// The kind's name in records and traces.
    public var description: String {
        switch self {
        case .start: "start"
        case .arrival: "arrival"
        case .retransmission: "retransmission"
        case .expiry: "expiry"
        case .timer: "timer"
        case .fault: "fault"
        case .intervention: "intervention"
        case .observed: "observed"
        case .acknowledgement: "acknowledgement"
        }
    }
}

/// One event of a run: when it happened, what caused it, and all that it changed in the visible state.
public struct EventRecord: Hashable, Sendable {
    /// The event's number, from 1.
    public var number: Int
    /// Virtual time in nanoseconds.
    public var time: Int64
    /// What kind of event it is.
    public var kind: EventKind
    /// The host it concerns.
    public var host: HostID?
    /// The connection it concerns.
    public var connection: ConnectionID?
    /// The process whose timer it is.
    public var process: ProcessID?
    /// The number of the event that caused it; 0 for what comes from outside the run.
    public var cause: Int
    /// The place, among all that was pending, of what this event is; 0 for what was not pending.
    public var place: UInt64
    /// What changed, in order. Empty in a run that keeps no records.
    public var changes: [Change]

    /// Makes a record.
    public init(
        number: Int, time: Int64, kind: EventKind, host: HostID? = nil, connection: ConnectionID? = nil,
        process: ProcessID? = nil, cause: Int = 0, place: UInt64 = 0, changes: [Change] = []
    ) {
        self.number = number
        self.time = time
        self.kind = kind
        self.host = host
        self.connection = connection
        self.process = process
        self.cause = cause
        self.place = place
        self.changes = changes
    }
}
