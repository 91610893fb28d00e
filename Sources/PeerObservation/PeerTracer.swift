public import PeerNetworking
public import Tracing

/// Makes spans of what peers tell: `peer.connect` from the first attempt to the connection or its failure, `peer.send` from
/// a reliable message's admission to its confirmation, `peer.request` from the first attempt to the end of a request.
public struct PeerTracer {
    private let tracer: any Tracer
    /// The run's zero, in nanoseconds since 1970.
    private let epoch: UInt64
    private var peers: [PeerNumber: Open] = [:]

    /// What has begun at one peer.
    private struct Open {
        var connect: (any Span)?
        var sends: [UInt64: any Span] = [:]
        var confirmed: UInt64 = 0
        var requests: [UInt64: any Span] = [:]
        var isServer = false
    }

    private struct Time: TracerInstant {
        var nanosecondsSinceEpoch: UInt64

        static func < (left: Time, right: Time) -> Bool {
            left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
        }
    }

    /// Makes one; nil where no tracer is installed: then nothing is to be told, and nothing costs.
    ///
    /// - Parameters:
    ///   - tracer: the tracer, by default the one that `InstrumentationSystem` has.
    ///   - epoch: when the run's clock read zero, in nanoseconds since 1970.
    public init?(_ tracer: any Tracer = InstrumentationSystem.tracer, epoch: UInt64 = 0) {
        if tracer is NoOpTracer { return nil }
        self.tracer = tracer
        self.epoch = epoch
    }

    /// Takes in what a peer tells.
    public mutating func note(_ event: PeerEvent, of peer: PeerNumber, named name: String, at now: Instant) {
        var open = peers[peer] ?? Open()
        defer { peers[peer] = open }
        let time = Time(nanosecondsSinceEpoch: epoch &+ UInt64(max(0, now.nanoseconds)))
        func begin(_ operation: String, _ kind: SpanKind) -> any Span {
            let span = tracer.startSpan(operation, context: .topLevel, ofKind: kind, at: time)
            span.attributes["peer"] = name
            return span
        }
        func end(_ span: (any Span)?, failing words: String? = nil) {
            if let words { span?.setStatus(SpanStatus(code: .error, message: words)) }
            span?.end(at: time)
        }
        switch event {
        case .state(.connecting, _), .state(.reconnecting, _):
            if open.connect == nil { open.connect = begin("peer.connect", .client) }
        case .state(let state, let code):
            if state == .listening { open.isServer = true }
            end(open.connect, failing: state == .connected ? nil : code?.rawValue ?? state.description)
            open.connect = nil
        case .backoff(let attempt, _):
            open.connect?.addEvent(SpanEvent(name: "backoff \(attempt)", at: time))
        case .queued(let number, let bytes, let delivery, _) where delivery != .unreliable && !open.isServer:
            if number <= open.confirmed {
                // Another life of the peer begins its numbers anew; what the one before sent ends with it.
                for sent in open.sends.keys.sorted() { end(open.sends[sent], failing: "the peer has ended") }
                (open.sends, open.confirmed) = ([:], number - 1)
            }
            let span = begin("peer.send", .producer)
            span.attributes["bytes"] = Int64(bytes)
            open.sends[number] = span
        case .requeued(let number, _):
            open.sends[number]?.addEvent(SpanEvent(name: "requeued", at: time))
        case .dropped(let number, let reason, _):
            end(open.sends.removeValue(forKey: number), failing: reason.description)
        case .acknowledged(let number, _) where !open.isServer && number > open.confirmed:
            for settled in open.confirmed + 1...number { end(open.sends.removeValue(forKey: settled)) }
            open.confirmed = number
        case .asked(let request, 1): open.requests[request] = begin("peer.request", .client)
        case .asked(let request, let attempt):
            open.requests[request]?.addEvent(SpanEvent(name: "attempt \(attempt)", at: time))
        case .answered(let request, let outcome, _):
            end(
                open.requests.removeValue(forKey: request),
                failing: outcome == .answered ? nil : outcome.description)
        default: break
        }
    }
}
