import PeerNetworking
import SimNetwork

/// What a run failed by, without when and with which values: runs that have the same one have failed in the same way.
public struct FailureSignature: Hashable, Sendable, Codable {
    /// What kind of failure it is.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Something that the lab expects did not hold.
        case expectation
        /// What must hold of every run did not.
        case invariant
        /// A peer did what a simulation cannot go on with: it spins, or outlives its process.
        case stuck
        /// A bug ended the process that ran it.
        case trap
        /// It did not come to its end in the time that it was given.
        case hang
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// What failed: the expectation's text, the invariant's name, what a peer did, or the function that trapped.
    public var what: String
    /// The peer that failed, or the group of those that have its name but for a number; nil where it is no peer's.
    public var who: String?
    /// The error that the peer had; nil where it had none.
    public var code: String?

    /// Makes one.
    public init(_ kind: Kind, _ what: String, who: String? = nil, code: String? = nil) {
        (self.kind, self.what, self.who, self.code) = (kind, what, who, code)
    }

    /// One line.
    public var text: String {
        let subject: String =
            switch kind {
            case .expectation: "expected: \(what)"
            case .invariant: "invariant: \(what)"
            case .stuck: what
            case .trap: "trap in \(what)"
            case .hang: "does not come to its end"
            }
        let details = [who, code].compactMap(\.self).filter { !subject.contains($0) }
        return details.isEmpty ? subject : "\(subject) (\(details.joined(separator: ", ")))"
    }

    /// The group of a name: `client-*` for `client-17`.
    package static func group(of name: String) -> String {
        guard let dash = name.lastIndex(of: "-"), name.index(after: dash) < name.endIndex,
            name[name.index(after: dash)...].allSatisfy({ $0.isASCII && $0.isNumber })
        else { return name }
        return "\(name[...dash])*"
    }
}

/// By what a run failed first, and where.
public struct RunFailure: Hashable, Sendable {
    /// In which way.
    public var signature: FailureSignature
    /// The number of the event that decided it.
    public var event: Int
    /// When it was decided, in nanoseconds.
    public var time: Int64
    /// The failure in a line, with its values.
    public var text: String
}

extension RunEnd {
    /// By what it failed first; nil where it did not.
    ///
    /// - Parameter lab: whose run it is.
    func firstFailure(in lab: LabDefinition) -> RunFailure? {
        let failed = expectations.indices.filter { expectations[$0].verdict == .failed }
        let first = failed.min { (expectations[$0].decidedAt ?? .max, $0) < (expectations[$1].decidedAt ?? .max, $1) }
        if let first {
            let status = expectations[first]
            return RunFailure(
                signature: lab.expectations[first].signature(status.code, lab), event: status.event ?? state.event,
                time: status.decidedAt ?? time,
                text: status.text + (status.reason.map { ": \($0)" } ?? ""))
        }
        guard let failure else { return nil }
        return RunFailure(signature: failure.signature, event: state.event, time: time, text: failure.description)
    }
}

extension Expectation {
    /// In which way a run fails where this does not hold.
    ///
    /// - Parameter code: the error that the peer had which it is about.
    fileprivate func signature(_ code: NetworkError.Code?, _ lab: LabDefinition) -> FailureSignature {
        FailureSignature(
            .expectation, text,
            who: condition.process.map { FailureSignature.group(of: lab.peers[Int($0.index)].name) },
            code: code.map { "\($0)" })
    }
}

extension Condition {
    /// The process of the one peer that it is about; nil where it is about none, or about several.
    var process: ProcessID? {
        switch self {
        case .peer(let process, _), .member(let process, _, _): process
        case .not(let other): other.process
        case .everyPeer, .connection, .link, .message, .retransmitted, .host, .fault, .connects, .lateAnswer: nil
        }
    }
}

extension SimulationError {
    /// In which way a run fails that cannot go on.
    fileprivate var signature: FailureSignature {
        func stuck(_ what: String, _ process: String?) -> FailureSignature {
            FailureSignature(.stuck, what, who: process.map(FailureSignature.group(of:)))
        }
        return switch self {
        case .invariantBroken(let violation): FailureSignature(.invariant, violation.invariant.rawValue)
        case .jobBudgetExceeded(let process, _, _): stuck("a task spins", process)
        case .recordBudgetExceeded(let process, _, _, _), .changeBudgetExceeded(let process, _, _, _):
            stuck("a task goes on without waiting", process)
        case .waitsForNothing(let process, _, _): stuck("a task waits for times that have passed", process)
        case .tasksOutlivedKill(let process, _): stuck("tasks outlive the kill of their process", process)
        case .timeStandsStill: stuck("time stands still", nil)
        }
    }
}

extension SimSession {
    /// By what the current timeline failed first; nil where it did not.
    package var firstFailure: RunFailure? { tree.current.end.firstFailure(in: lab) }
}
