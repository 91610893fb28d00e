public import PeerNetworking
public import TCP

/// Something that a run may come to: what a lab expects, what a fault waits for, what a line of the story follows, and what
/// is searched for.
///
/// One value for all of them, and one evaluation: ``holds(in:)`` says how it stands in a state, and a ``ConditionWatch`` when it
/// comes true.
public enum Condition: Hashable, Sendable {
    /// Of the peers of a process, of which it has one as a rule: any of them is so; what is counted is counted of all.
    case peer(ProcessID, OfPeer)
    /// Of one of the peers of a process, by its name: a member of a pool or of a mesh.
    case member(ProcessID, String, OfPeer)
    /// Each of these processes has a peer that is connected, or that has ended and found all right.
    case everyPeer([ProcessID])
    /// Of a host.
    case host(HostID, OfHost)
    /// Of a link.
    case link(LinkID, OfLink)
    /// Of a connection; nil for any.
    case connection(ConnectionID?, OfConnection)
    /// Of any message.
    case message(OfMessage)
    /// A fault of a family strikes; nil for whatever is done on purpose: a fault, an intervention, a draw that fires.
    case fault(FaultFamily?)
    /// So many segments were sent again, in the whole run.
    case retransmitted(atLeast: Int64)
    /// More connections than so many are opened within a span of time, in nanoseconds.
    case connects(moreThan: Int64, within: Int64)
    /// A request is answered later than so long after it was asked first, in nanoseconds.
    case lateAnswer(after: Int64)
    /// Something that is so for a while is not so.
    indirect case not(Condition)

    /// What a peer may be, or come to.
    public enum OfPeer: Hashable, Sendable {
        /// It is in a state.
        case state(PeerState)
        /// Its process is in a state.
        case process(ProcessState)
        /// Its application waits for room in the queue.
        case blocked
        /// It has reached a count.
        case count(Counter, atLeast: Int64)
        /// Its queue has held so many messages at once.
        case queue(atLeast: Int64)
        /// Its workload's progress is so many, neither more nor less.
        case progress(Int64)
        /// Its workload has ended, and found all that it checked right.
        case finished
        /// It goes to another state for an error: this one.
        case sees(NetworkError.Code)
        /// It has done a job of a queue: the one of this number.
        case does(job: Int64)
    }

    /// What can be counted of a peer.
    public enum Counter: String, Hashable, Sendable, CaseIterable {
        /// Messages handed to a connection.
        case sent
        /// Messages that reached its application.
        case received
        /// Messages put back after a connection was lost.
        case requeued
        /// Connections after the first.
        case reconnects
    }

    /// What may happen to a host.
    public enum OfHost: Hashable, Sendable {
        /// It loses its power.
        case losesPower
        /// It gets its power back.
        case getsPower
    }

    /// How a link may be.
    public enum OfLink: Hashable, Sendable {
        /// It is cut, in one direction at least.
        case cut
        /// It is whole, in both directions.
        case healed
    }

    /// How a connection may be.
    public enum OfConnection: Hashable, Sendable {
        /// One end believes in it, and the other has none.
        case halfOpen
        /// One end at least is in a state.
        case state(TCPState)
    }

    /// What may happen to a message.
    public enum OfMessage: Hashable, Sendable {
        /// It reaches an application.
        case delivered
        /// It reaches an application that has had it before.
        case deliveredTwice
        /// It is given up.
        case dropped
    }
}

extension Condition {
    /// How a condition stands to time.
    public enum Kind: Hashable, Sendable {
        /// It is so for a while: it may come true, cease and come true again.
        case state
        /// Once it has come true it stays so.
        case milestone
        /// It happens, and is over.
        case moment
    }

    /// How it stands to time.
    public var kind: Kind {
        switch self {
        case .peer(_, let what), .member(_, _, let what):
            switch what {
            case .state, .process, .blocked, .progress: .state
            case .count, .queue, .finished: .milestone
            case .sees, .does: .moment
            }
        case .everyPeer, .link, .connection, .not: .state
        case .retransmitted: .milestone
        case .host, .message, .fault, .connects, .lateAnswer: .moment
        }
    }
}
