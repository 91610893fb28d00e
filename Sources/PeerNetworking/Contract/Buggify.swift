/// Deliberate misbehaviour at named places, after FoundationDB's `BUGGIFY`.
///
/// Off in production, where asking costs one branch. An engine decides per run which sites are armed, and per draw
/// whether an armed site fires.
public struct Buggify: Sendable {
    private let engine: (any BuggifyEngine)?
    private let isOn: Bool

    /// Buggify under an engine's control.
    public init(engine: any BuggifyEngine) {
        self.engine = engine
        isOn = true
    }

    private init() {
        engine = nil
        isOn = false
    }

    /// Never fires.
    public static let off = Buggify()

    /// Whether the site misbehaves this time.
    ///
    /// - Parameters:
    ///   - site: the place in the code, for example `peer.write.short`.
    ///   - subject: the stable name of what it concerns: a peer, a connection, a host.
    @inline(__always)
    public func fires(_ site: BuggifySite, for subject: @autoclosure () -> String) -> Bool {
        guard isOn, let engine else { return false }
        return engine.fires(site, for: subject())
    }
}

/// A named place in the code that can misbehave.
public enum BuggifySite: String, Hashable, Sendable, CaseIterable {
    /// A batch of frames is written one byte first, then the rest.
    case peerWriteShort = "peer.write.short"
    /// A read takes at most one byte.
    case peerReadShort = "peer.read.short"
    /// A connect attempt waits before it starts, for half of its timeout.
    case peerConnectDelay = "peer.connect.delay"
    /// A heartbeat is skipped.
    case peerHeartbeatSkip = "peer.heartbeat.skip"
    /// A reconnect comes without its backoff.
    case peerReconnectEarly = "peer.reconnect.early"
    /// A server waits before it serves a connection that it has accepted, for a quarter of what the handshake may take.
    case peerAcceptDelay = "peer.accept.delay"
    /// A connection is lost after this side's hello, and before the other's.
    case peerHandshakeDrop = "peer.handshake.drop"
    /// A vectored write waits a millisecond: what comes meanwhile waits behind it.
    case peerFlushLate = "peer.flush.late"
    /// A connection is reset where it would be closed.
    case peerCloseAbrupt = "peer.close.abrupt"
    /// The send queue has no room, though it is not full: an unreliable message is dropped, another waits a millisecond.
    case peerQueueFull = "peer.queue.full"
    /// The start of a frame that waits for its rest is copied, byte by byte, into a new buffer.
    case peerBufferGrow = "peer.buffer.grow"
    /// The heartbeat's timer fires half an interval late.
    case peerTimerLate = "peer.timer.late"
    /// A segment takes longer than its link's latency.
    case simSegmentDelay = "sim.segment.delay"
    /// The queue before a line tells of congestion early: a segment is dropped, or marked where both ends know marks.
    case simQueueEarly = "sim.queue.early"
    /// What the network says of a segment goes no further.
    case simNoticeDrop = "sim.notice.drop"
    /// A router that knows the connections that go through it forgets one before its time.
    case simNATForget = "sim.nat.forget"

    /// Those at which the simulated network misbehaves, and not a peer.
    package static let ofNetwork: [BuggifySite] = [.simSegmentDelay, .simQueueEarly, .simNoticeDrop, .simNATForget]

    /// The site's own probability of firing once it is armed; nil for the run's.
    public var firing: Double? {
        switch self {
        // One in four segments ten times late is a different network.
        case .simSegmentDelay: 0.05
        // Drawn for each segment.
        case .simQueueEarly: 0.02
        case .simNATForget: 0.005
        // Each of these costs a connection, or as much time as one takes.
        case .peerHandshakeDrop, .peerAcceptDelay: 0.1
        case .peerQueueFull: 0.05
        default: nil
        }
    }
}

/// Decides which sites are armed and when they fire.
public protocol BuggifyEngine: AnyObject, Sendable {
    /// Draws for a site and a subject.
    func fires(_ site: BuggifySite, for subject: String) -> Bool
}
