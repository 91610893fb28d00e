import PeerNetworking
import SimNetwork
import TCP

/// A step in the life of a peer or of an end of a connection.
package struct Transition: Hashable, Sendable {
    /// Whose life: a peer's name, or `c1 client`.
    package var subject: String
    /// The state it went to.
    package var state: String
    /// When, in nanoseconds.
    package var time: Int64
    /// At which event.
    package var event: Int
    /// Whether it is a peer's, and not an end's.
    package var isOfPeer: Bool
}

/// The transitions of a session up to its cursor, gathered as the cursor moves.
package struct LifeCycle: Hashable, Sendable {
    /// The transitions, in order.
    package private(set) var transitions: [Transition] = []
    /// Up to when the transitions are known, in nanoseconds.
    package private(set) var time: Int64 = 0
    private var event = 0
    private var timeline: TimelineID?

    /// Events looked at in a slice.
    private static let slice = 5_000
    /// Transitions that a screen keeps; the alignment is about the beginning, where the first disagreement is.
    private static let ofScreen = 2_000
    private let limit: Int

    /// Makes a life cycle that knows of nothing yet.
    package init() { limit = Self.ofScreen }

    /// Makes the life cycle of a whole run.
    init(of snapshot: Snapshot) {
        limit = .max
        timeline = snapshot.timelines.current
        while !follow(snapshot) {}
    }

    /// Takes in a slice of what has happened.
    ///
    /// - Returns: whether the cursor is reached.
    package mutating func follow(_ snapshot: Snapshot) -> Bool {
        if timeline != snapshot.timelines.current {
            self = LifeCycle()
            timeline = snapshot.timelines.current
        }
        if snapshot.event < event {
            transitions.removeAll { $0.event > snapshot.event }
            event = snapshot.event
        }
        let names = Names(snapshot)
        let end = min(snapshot.event, event + Self.slice)
        while event < end {
            event += 1
            let record = snapshot.records[event: event]
            guard transitions.count < limit else { continue }
            for change in record.changes { take(change, record, names) }
        }
        time = event == snapshot.event ? snapshot.reached : event > 0 ? snapshot.records[event: event].time : 0
        return event == snapshot.event
    }

    private mutating func take(_ change: Change, _ record: EventRecord, _ names: Names) {
        if case .peer(let peer, .state(let state, _), _) = change {
            add(names.name(peer), state.description, record, isOfPeer: true)
        } else if case .tcp(let id, let side, let state) = change, state != .synReceived {
            // Whom the kernel hands to `accept` is past SYN-RECEIVED: on sockets nobody sees that state.
            add("\(id) \(side)", state?.description ?? "gone", record)
        }
    }

    private mutating func add(_ subject: String, _ state: String, _ record: EventRecord, isOfPeer: Bool = false) {
        transitions.append(
            Transition(
                subject: subject, state: state, time: record.time, event: record.number, isOfPeer: isOfPeer))
    }
}

/// The life cycles of a simulated and of a real run, aligned.
package struct LifeCycleComparison: Hashable, Sendable {
    /// The k-th transition of one subject on both sides.
    package struct Row: Hashable, Sendable {
        /// Whose life.
        package var subject: String
        /// The simulation's.
        package var left: Transition?
        /// The sockets'.
        package var right: Transition?
        /// Whether both went to different states, or one has had its time to follow and has not.
        package var disagrees = false
    }

    /// The simulation's.
    package var left = LifeCycle()
    /// The sockets'.
    package var right = LifeCycle()

    /// Makes a comparison of two runs of which nothing is known yet.
    package init() {}

    /// The rows, in the order of the simulation; what only the sockets have comes last.
    package var rows: [Row] {
        var rows: [Row] = []
        var places: [String: [Int]] = [:]
        for transition in left.transitions {
            places[transition.subject, default: []].append(rows.count)
            rows.append(Row(subject: transition.subject, left: transition))
        }
        var used: [String: Int] = [:]
        for transition in right.transitions {
            let number = used[transition.subject, default: 0]
            used[transition.subject] = number + 1
            if let known = places[transition.subject], number < known.count {
                rows[known[number]].right = transition
            } else {
                rows.append(Row(subject: transition.subject, right: transition))
            }
        }
        for index in rows.indices { rows[index].disagrees = disagree(rows[index]) }
        return rows
    }

    /// The two clocks are not the same: a transition counts as missing after so long, in nanoseconds.
    private static let patience: Int64 = 1_000_000_000

    private func disagree(_ row: Row) -> Bool {
        switch (row.left, row.right) {
        case (let first?, let second?): first.state != second.state
        case (let first?, nil): right.time > first.time + Self.patience
        case (nil, let second?): left.time > second.time + Self.patience
        case (nil, nil): false
        }
    }
}
