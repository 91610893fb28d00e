import PeerNetworking
import SimNetwork

extension EventText {
    /// Something that happened to a peer, as a line. Of a session it says which it is, and what that holds itself.
    func line(of event: PeerEvent, in session: PeerSession?, who: String) -> EventLine {
        var line = line(of: event, holding: session?.depth, who: who)
        if let session { line.detail += (line.detail.isEmpty ? "" : ", ") + session.connection.description }
        return line
    }

    /// - Parameter own: the messages that a session holds, instead of those of all of them.
    private func line(of event: PeerEvent, holding own: Int32?, who: String) -> EventLine {
        func line(_ weight: Int, _ verb: String, _ detail: String, _ role: TextRole = .plain) -> EventLine {
            EventLine(weight: weight, who: who, verb: verb, detail: detail, role: role)
        }
        func held(_ depth: Int32) -> String { "\(own ?? depth) held" }
        let name = ThingNames.message
        return switch event {
        case .state(let state, let code):
            line(92, "is", state.description + (code.map { " (\($0.words))" } ?? ""), state.role)
        case .attached(let connection): line(22, "attach", connection.description, .dim)
        case .backoff(let attempt, let delay):
            line(78, "backoff", "attempt \(attempt) in \(TimeText.duration(delay))", .warning)
        case .queued(let message, let bytes, _, let depth):
            line(50, "queue", "\(name(message)) \(bytes) B → \(held(depth))")
        case .sent(let message, _, let depth): line(45, "send", "\(name(message)), \(held(depth))")
        case .requeued(let message, let depth): line(81, "requeue", "\(name(message)) → \(held(depth))", .warning)
        case .dropped(let message, let reason, _): line(86, "drop", "\(name(message)): \(reason)", .loss)
        case .acknowledged(let message, let depth):
            line(40, "confirm", "up to \(name(message)) → \(held(depth))", .dim)
        case .delivered(let message, _, let bytes): line(72, "deliver", "\(name(message)) \(bytes) B", .good)
        case .discarded(let message, _, let reason): line(86, "discard", "\(name(message)): \(reason)", .loss)
        case .suppressed(let message, _):
            line(73, "suppress", "\(name(message)) came before: it is not given twice", .dim)
        case .blocked(let isBlocked):
            // What stands at the end of an event is that it is blocked once more.
            line(
                isBlocked ? 80 : 79, isBlocked ? "blocked" : "unblocked", isBlocked ? "queue full" : "",
                isBlocked ? .warning : .good)
        case .pressure(let isPressed):
            line(
                48, isPressed ? "pressed" : "relieved",
                isPressed ? "queue above its high water mark" : "queue below its low water mark",
                isPressed ? .warning : .dim)
        case .roundTrip(let time): line(20, "rtt", TimeText.duration(time), .dim)
        case .heartbeatMissed: line(91, "silence", "heartbeat not answered in time", .warning)
        // Above the failure that opened it.
        case .circuit(.open): line(96, "circuit", "open", .danger)
        case .circuit(.halfOpen): line(90, "circuit", "half-open", .warning)
        case .circuit(.closed): line(90, "circuit", "closed", .good)
        case .refused(let bytes): line(85, "refuse", "\(bytes) B: circuit open", .warning)
        case .degraded(let score):
            line(91, "degraded", "opens its connection anew: health \(score / 10) %", .warning)
        case .asked(let request, let attempt):
            line(
                52, "ask", "request \(request)" + (attempt > 1 ? ", attempt \(attempt)" : ""),
                attempt > 1 ? .warning : .plain)
        case .answered(let request, let outcome, let time):
            line(
                74, outcome == .answered ? "answer" : "give up",
                "request \(request): \(outcome), \(TimeText.duration(time))", outcome == .answered ? .good : .danger)
        case .job(let job, let turn): line(turn.weight, turn.verb, turn.detail(of: job), turn.role)
        case .progress(let done, let total): line(20, "progress", total == 0 ? "\(done)" : "\(done)/\(total)", .dim)
        case .finished(let correct):
            line(93, "finish", correct ? "all was right" : "something was wrong", correct ? .good : .danger)
        }
    }
}
