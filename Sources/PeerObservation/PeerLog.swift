public import Logging
public import PeerNetworking

/// Writes what peers tell to a log, with the peer and its connection as metadata.
///
/// Levels: `error` where a peer gives up, `warning` for what is lost, `notice` for what is out of the ordinary, `info` for
/// connections that come and go, `debug` for requests, `trace` for messages.
public struct PeerLog {
    private let logger: Logger
    private var connections: [PeerNumber: ConnectionID] = [:]

    /// Makes a log.
    public init(_ logger: Logger) {
        self.logger = logger
    }

    /// Takes in what a peer tells.
    public mutating func note(_ event: PeerEvent, of peer: PeerNumber, named name: String) {
        if case .attached(let connection) = event { connections[peer] = connection }
        let (level, words, details) = Self.line(of: event)
        guard logger.logLevel <= level else { return }
        var metadata = details
        metadata["peer"] = "\(name)"
        if let connection = connections[peer] { metadata["connection"] = "\(connection)" }
        logger.log(level: level, words, metadata: metadata)
    }

    private static func line(of event: PeerEvent) -> (Logger.Level, Logger.Message, Logger.Metadata) {
        switch event {
        case .state(let state, let code):
            let level: Logger.Level = state == .failed ? .error : state == .reconnecting ? .warning : .info
            return (level, "\(state)", code.map { ["reason": "\($0.rawValue)"] } ?? [:])
        case .attached: return (.debug, "attached", [:])
        case .backoff(let attempt, let delay):
            return (.notice, "waits before another attempt", ["attempt": "\(attempt)", "delay_ns": "\(delay)"])
        case .dropped(let message, let reason, _):
            return (.warning, "message dropped", ["message": "\(message)", "reason": "\(reason)"])
        case .discarded(let message, _, let reason):
            return (.warning, "message discarded", ["message": "\(message)", "reason": "\(reason)"])
        case .requeued(let message, _): return (.notice, "message requeued", ["message": "\(message)"])
        case .heartbeatMissed: return (.warning, "silent for too long", [:])
        case .degraded(let score): return (.warning, "degraded, connects anew", ["score": "\(score)"])
        case .circuit(let state):
            return (state == .open ? .warning : .notice, "circuit \(state)", [:])
        case .refused(let bytes): return (.warning, "message refused: circuit open", ["bytes": "\(bytes)"])
        case .pressure(let isPressed):
            return (.notice, isPressed ? "queue above its high water mark" : "queue below its low water mark", [:])
        case .blocked(let isBlocked): return (.notice, isBlocked ? "waits for room" : "has room", [:])
        case .finished(let correct): return (correct ? .info : .error, "finished", ["correct": "\(correct)"])
        case .asked(let request, let attempt):
            return (.debug, "request", ["request": "\(request)", "attempt": "\(attempt)"])
        case .answered(let request, let outcome, let time):
            let level: Logger.Level = outcome == .answered ? .debug : .warning
            return (level, "\(outcome)", ["request": "\(request)", "time_ns": "\(time)"])
        case .job(let job, let turn):
            return (turn.isOutOfTheOrdinary ? .notice : .debug, "job \(turn)", ["job": "\(job)"])
        case .queued(let message, let bytes, _, let depth):
            return (.trace, "queued", ["message": "\(message)", "bytes": "\(bytes)", "depth": "\(depth)"])
        case .sent(let message, _, _): return (.trace, "sent", ["message": "\(message)"])
        case .acknowledged(let message, _): return (.trace, "confirmed", ["message": "\(message)"])
        case .delivered(let message, _, let bytes):
            return (.trace, "delivered", ["message": "\(message)", "bytes": "\(bytes)"])
        case .suppressed(let message, _): return (.trace, "came before", ["message": "\(message)"])
        case .roundTrip(let time): return (.trace, "round trip", ["time_ns": "\(time)"])
        case .progress(let done, let of): return (.trace, "progress", ["done": "\(done)", "of": "\(of)"])
        }
    }
}

extension JobTurn {
    /// It is more than that a job is given and done.
    fileprivate var isOutOfTheOrdinary: Bool {
        switch self {
        case .givenAgain, .leaseOver, .returned, .repeated: true
        case .given, .counted, .begun, .done: false
        }
    }
}
