package import PeerNetworking
package import SimNetwork

/// What has become of a job so far, in order.
package struct JobLife {
    /// One thing that has become of it.
    package struct Turn {
        /// In which event, and when.
        let at: MessageLife.Station
        /// What.
        package let turn: JobTurn
        /// The worker that it concerns; nil where records do not say whose connection it was.
        package let worker: ProcessID?
        /// The connection over which the queue gave it, or heard of it; nil for what the worker itself tells.
        let connection: ConnectionID?
    }

    /// Where a job stands.
    package enum Standing: Hashable {
        /// A worker has it.
        case given
        /// It is to be given once more.
        case waits
        /// It is done, and counted.
        case counted
    }

    /// The process of its queue.
    package let queue: ProcessID
    /// Its number among the jobs of the queue, from 1.
    package let number: UInt64
    /// What has become of it.
    package internal(set) var turns: [Turn] = []

    /// How often something has become of it.
    package func count(_ turn: JobTurn) -> Int { turns.count { $0.turn == turn } }

    /// Where it stands by what its queue has told.
    package var standing: Standing {
        if turns.contains(where: { $0.turn == .counted }) { return .counted }
        let last = turns.last { $0.turn.isOfQueue }?.turn
        return last == .leaseOver || last == .returned ? .waits : .given
    }
}

extension JobTurn {
    /// The queue tells it, and not a worker.
    package var isOfQueue: Bool {
        switch self {
        case .given, .givenAgain, .leaseOver, .returned, .counted, .repeated: true
        case .begun, .done: false
        }
    }
}
