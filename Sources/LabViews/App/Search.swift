import Lab
import SimNetwork

/// A search along the run for where to stop: what is looked for, and the breakpoints on the way.
struct Search {
    /// What is looked for.
    enum Target {
        /// A condition comes true.
        case condition(Condition)
        /// Something fails.
        case failure
        /// A breakpoint, whichever.
        case breakpoint
        /// A time: the breakpoints alone can end it earlier.
        case time(Int64)
    }

    var target: Target
    let breakpoints: [Breakpoint]
    /// What it is called, in words.
    let name: String
    var watch: StopWatch

    /// The number under which what is looked for is watched: no breakpoint's.
    private static let wanted = 0

    /// - Parameter snapshot: where it begins.
    init(_ target: Target, _ breakpoints: [Breakpoint], at snapshot: Snapshot) {
        self.target = target
        self.breakpoints = breakpoints
        name = target.name(in: snapshot.lab)
        watch = Self.watch(target, breakpoints, at: snapshot)
    }

    /// Follows the run from another place on.
    mutating func begin(at snapshot: Snapshot) { watch = Self.watch(target, breakpoints, at: snapshot) }

    private static func watch(_ target: Target, _ breakpoints: [Breakpoint], at snapshot: Snapshot) -> StopWatch {
        var conditions = breakpoints.compactMap { point in
            if case .condition(let condition) = point.target {
                (number: point.number, condition: condition)
            } else {
                nil
            }
        }
        var failures = breakpoints.contains { $0.target == .failure }
        switch target {
        case .condition(let condition): conditions.append((wanted, condition))
        case .failure: failures = true
        case .breakpoint, .time: break
        }
        return StopWatch(conditions, failures: failures, at: snapshot)
    }

    /// The time at which it ends in any case.
    var limit: Int64? { if case .time(let time) = target { time } else { nil } }

    /// What is said where it has stopped; nil where what was looked for says it itself.
    func notice(_ stops: [StopWatch.Stop]) -> String? {
        if stops.contains(.condition(Self.wanted)) { return nil }
        for case .failure(let sentence) in stops {
            if case .failure = target { return "failed: \(sentence)" }
            let point = breakpoints.first { $0.target == .failure }
            return "\(point.map { "breakpoint \($0.number): " } ?? "")failed: \(sentence)"
        }
        for case .condition(let number) in stops {
            if let point = breakpoints.first(where: { $0.number == number }) {
                return "breakpoint \(number): \(point.text)"
            }
        }
        return nil
    }
}

extension Search.Target {
    /// What is looked for, in words.
    fileprivate func name(in lab: LabDefinition) -> String {
        switch self {
        case .condition(let condition): condition.name(in: lab)
        case .failure: "failure"
        case .breakpoint: "stop at a breakpoint"
        case .time(let time): "\(TimeText.clock(time)) s"
        }
    }
}

extension Condition {
    /// What is looked for, in words.
    func name(in lab: LabDefinition) -> String {
        switch self {
        case .fault(nil): "fault"
        case .message(.delivered): "delivered message"
        case .peer, .member, .everyPeer, .host, .link, .connection, .message, .fault, .retransmitted, .connects,
            .lateAnswer,
            .not:
            "'\(text(in: lab))'"
        }
    }
}
