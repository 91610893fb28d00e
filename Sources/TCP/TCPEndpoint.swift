import Bug
package import NIOCore

/// One end of a connection: a value-type state machine after RFC 9293, as Linux has it.
///
/// The shell around it feeds it segments, the application's calls and the time, then pulls the segments it wants to
/// send with ``nextSegment(at:)`` until there are none, and wakes it when the first of its ``timers`` is due. It knows
/// no world. Not modelled: urgent data.
@usableFromInline
package struct TCPEndpoint {
    /// What the application's next call is told.
    package enum Failure: UInt8, Sendable {
        case refused
        case reset
        /// A reset after the other side's FIN.
        case broken
        case timedOut
        /// The network says that the host cannot be reached.
        case hostUnreachable
        /// The network says that it cannot be reached.
        case networkUnreachable
    }

    // Members stand so that nothing is padded: what is small fills up what is behind a larger one. A large lab has many of these.

    /// Its options, each read where it is: a copy of all would be made again and again.
    package private(set) var shared: SharedTCPOptions
    /// What was learnt of the way's largest segment.
    var path = Rare<PathMTU>()
    /// The probes that have had no answer.
    var probes = Rare<Probes>()
    /// When something came last.
    var lastHeard: Int64 = 0

    @usableFromInline
    package internal(set) var sender: Sender
    /// Set once the connection has failed; the application hears of it at its next call.
    package internal(set) var failure: Failure?
    /// What the network said last of the way; told where the connection times out.
    var softFailure: Failure?
    /// The application has closed the socket: what arrives now is answered with a reset.
    package internal(set) var isOrphan = false

    @usableFromInline
    package internal(set) var receiver: Receiver
    @usableFromInline
    package internal(set) var state: TCPState = .closed
    /// Segments carry times.
    var usesTimestamps = false
    /// Gaps are told and read.
    var usesSACK = false
    /// Congestion is told by marks, and what there is to say of it.
    var marks: Marks = []
    /// The acknowledgement that goes next has waited for its timer.
    var isAcknowledgementDelayed = false
    /// The acknowledgement that goes next answers something that may be forged.
    var isChallenge = false

    @usableFromInline
    package internal(set) var recovery: LossRecovery
    package internal(set) var congestion: CongestionControl
    @usableFromInline
    package internal(set) var estimator: RoundTripEstimator
    /// Timeouts since the last acknowledgement of something new.
    package internal(set) var timeouts: Int32 = 0
    package var timers = TCPTimers()

    // What goes next beside new data.

    /// Lost segments go again before new ones.
    var repeatsFirst = true
    /// The last segment is probed.
    var wantsTailProbe = false
    /// The closed window is probed.
    var wantsWindowProbe = false
    /// The idle connection is probed.
    var wantsKeepAliveProbe = false
    /// The handshake's segment goes, or goes again.
    var wantsHandshake = false

    /// Somebody has taken the timer of the window's probes away.
    var isProbeDropped = false
    /// The answer to the SYN is a cookie.
    package private(set) var isCookie = false
    /// How often the handshake's segment has gone.
    var handshakesSent: Int32 = 0
    /// Segments repeated in the connection's life.
    package internal(set) var repetitions: Int32 = 0
    /// What this end's clock shows at 0.
    let clockOffset: UInt32
    /// What the other side has heard last of it.
    var heardEcho: UInt32?

    /// Probes that have had no answer, and the last answer to what is not of now.
    struct Probes: Blank {
        /// When the first of the window went.
        var windowSince: Int64?
        /// How many of the window went since it was taken note of, and how often the time between them was doubled.
        var window: Int32 = 0
        var backoff: Int32 = 0
        /// How many went that ask whether the other side is there.
        var keepAlive: Int32 = 0
        /// When something that is not of now was answered last.
        var oldAnswered: Int64?
    }

    package init(options: TCPOptions, initial: UInt32 = 0, clockOffset: UInt32 = 0) {
        self.init(SharedTCPOptions(options), initial: initial, clockOffset: clockOffset)
    }

    /// Makes a closed endpoint.
    ///
    /// - Parameters:
    ///   - initial: its initial sequence number.
    ///   - clockOffset: what its timestamps show at time 0, in milliseconds.
    ///   - largest: payload bytes that the way takes in a segment, without options.
    package init(_ shared: SharedTCPOptions, initial: UInt32, clockOffset: UInt32, largest: Int32 = .max) {
        self.shared = shared
        let options = shared.options
        let segmentSize = min(options.maximumSegmentSize, largest)
        sender = Sender(options, initial: initial, segmentSize: segmentSize)
        receiver = Receiver(options, segmentSize: segmentSize)
        recovery = LossRecovery(options)
        congestion = CongestionControl(options)
        estimator = RoundTripEstimator(options)
        self.clockOffset = clockOffset
    }

    // MARK: What the shell and the application see

    // What is asked with every event is `mutating`, and changes nothing: a shell holds the endpoint in an object, and any other
    // member would be called with a copy of all of it.

    /// Bytes written and not yet acknowledged.
    @inlinable
    package var sendQueued: Int { mutating get { sender.buffer.count } }
    /// Numbers sent and not yet acknowledged.
    @inlinable
    package var inFlight: Int { mutating get { Int(sender.next - sender.unacknowledged) } }
    /// Bytes that may be written before the send buffer is full.
    @inlinable
    package var writable: Int {
        mutating get {
            switch state {
            case .established, .closeWait:
                sender.isClosing ? 0 : max(0, Int(sender.room) - sender.buffer.count)
            case .closed, .synSent, .synReceived, .finWait1, .finWait2, .closing, .lastAck, .timeWait: 0
            }
        }
    }
    /// The segments under way (RFC 6675's pipe).
    @inline(__always)
    package var underWay: Int32 { sender.underWay(recovery) }

    /// Segments sent and not acknowledged.
    package var segmentsSent: Int { sender.sent.count }

    /// Segments carry times.
    package var isTimed: Bool { usesTimestamps }
    /// When something came last.
    package var heardLast: Int64 { lastHeard }
    /// When data came last; before any, when it was opened.
    package var heardDataLast: Int64 { receiver.acknowledging.lastReceived }

    /// What timestamps take of a header, padded (`TCPOLEN_TSTAMP_ALIGNED`).
    static let timestampBytes: Int32 = 12

    /// Payload bytes of a full segment: the options that each has take theirs.
    @inline(__always)
    package var fullSegment: Int64 {
        let size = Int64(sender.segmentSize) - (usesTimestamps ? Int64(Self.timestampBytes) : 0)
        // Two segments fit into the largest window that the other side ever had (`tcp_bound_to_half_wnd`).
        let greatest = sender.greatestWindow
        let bound = greatest > 536 ? greatest / 2 : greatest
        return max(1, bound > 0 && bound < size ? bound : size)
    }

    /// Whether the handshake is behind it.
    @inlinable
    package var isSynchronised: Bool { state.isSynchronised }

    /// What waits for more goes at once: `TCP_NODELAY` was set, whatever it was before.
    package mutating func pushAll() { sender.pushAll() }

    /// Changes options of this end alone.
    package mutating func set(at now: Int64, _ change: (inout TCPOptions) -> Void) {
        var options = shared.options
        change(&options)
        if options.receiveBuffer != shared.options.receiveBuffer { receiver.tuning.resize(options) }
        if options.sendBuffer != shared.options.sendBuffer { sender.room = options.sendBuffer }
        shared = SharedTCPOptions(options)
        // What waits goes once, corked or not.
        if options.noDelay, !sender.noDelay { sender.pushAll() }
        sender.noDelay = options.noDelay
        sender.isCorked = options.cork
        let wasOff = congestion.isOff
        congestion.follow(options)
        // What a sender without a window knew of it is nothing to go back to.
        if wasOff != congestion.isOff { (recovery.priorWindow, recovery.priorThreshold, recovery.undoMark) = (0, 0, 0) }
        if isSynchronised { restartKeepAlive(at: now) }
    }

    /// What this end's clock shows, in milliseconds.
    func clock(at now: Int64) -> UInt32 { clockOffset &+ UInt32(truncatingIfNeeded: now / 1_000_000) }

    // MARK: The application's calls

    /// Opens actively: a SYN will be sent.
    package mutating func connect() {
        insist(state == .closed, "connect on an endpoint that is \(state)")
        state = .synSent
        wantsHandshake = true
    }

    /// Opens passively, on the SYN that a listener received.
    ///
    /// - Parameter isCookie: the answer is a cookie: nothing is kept that was not in it, and it does not go again by itself.
    package mutating func accept(syn: TCPSegment, isCookie: Bool = false, at now: Int64) {
        insist(state == .closed, "accept on an endpoint that is \(state)")
        state = .synReceived
        receiver.initial = syn.sequence
        agree(on: syn, isAnswer: false, at: now)
        self.isCookie = isCookie
        if isCookie { forgetWhatNoCookieHolds() }
        sender.window = Int64(syn.window)
        sender.greatestWindow = sender.window
        wantsHandshake = true
    }

    /// Takes bytes of the application; the caller has asked ``writable`` before.
    package mutating func write(_ bytes: ByteBuffer, _ flags: WriteFlags = [], at now: Int64) {
        insist(bytes.readableBytes <= writable, "write of \(bytes.readableBytes) bytes into \(writable) free")
        restartAfterIdle(at: now)
        sender.isWriting = true
        sender.isMoreToCome = flags.contains(.more)
        let start = sender.buffer.end
        sender.buffer.append(bytes)
        if flags.isEmpty, start == sender.next, bytes.readableBytes <= fullSegment {
            // Most writes are so, and nothing is reckoned for them.
            sender.pushes.wroteSegment(start..<sender.buffer.end)
        } else {
            sender.pushes.wrote(start..<sender.buffer.end, next: sender.next, filling(at: now), flags)
        }
    }

    /// Bytes that Linux puts into one buffer, at most: whole segments, as many as a device takes at once and half of the other
    /// side's greatest window holds (`tcp_xmit_size_goal`).
    private var goal: Int64 {
        mutating get {
            let full = fullSegment
            return max(full, min(Self.mostOfDevice, sender.greatestWindow / 2) / full * full)
        }
    }

    private mutating func filling(at now: Int64) -> PushMarks.Filling {
        var filling = PushMarks.Filling(capacity: goal, unmarked: sender.greatestWindow / 2, segment: fullSegment)
        guard sender.pushes.fillsOne(upTo: sender.buffer.end, next: sender.next, capacity: filling.capacity) else {
            return filling
        }
        (filling.burst, filling.room) = roomAtOnce
        return filling
    }

    /// Gives the application bytes, and tells the other side when much room has come free.
    package mutating func read(upTo maximum: Int, at now: Int64) -> ByteBuffer? {
        guard let bytes = receiver.buffer.read(upTo: maximum) else { return nil }
        receiver.tune(estimator.smoothed, shared, at: now)
        receiver.hasRead(segmentSize: receiver.acknowledging.segmentSize)
        return bytes
    }

    /// Closes the sending half.
    package mutating func shutdownWrite() {
        guard !sender.isClosing else { return }
        switch state {
        case .established, .synReceived:
            sender.isClosing = true
            state = .finWait1
        case .closeWait:
            sender.isClosing = true
            state = .lastAck
        case .closed, .synSent, .finWait1, .finWait2, .closing, .lastAck, .timeWait:
            break
        }
    }

    /// Closes the socket for good. Unread bytes turn the close into a reset (RFC 2525, 2.17), and so does `SO_LINGER`.
    ///
    /// - Returns: whether a reset is to be sent and the endpoint forgotten.
    package mutating func close(at now: Int64) -> Bool {
        isOrphan = true
        switch state {
        case .closed, .timeWait:
            return false
        case .synSent:
            abort()
            return false
        case .synReceived, .established, .closeWait, .finWait1, .finWait2, .closing, .lastAck:
            if receiver.buffer.count > 0 || shared.options.resetsOnClose {
                abort()
                return true
            }
            shutdownWrite()
            if state == .finWait2 { timers.start(.finWait, at: now + shared.options.finTimeout) }
            return false
        }
    }

    /// Ends the connection without a word to the other side's application but a reset.
    package mutating func abort() {
        state = .closed
        timers.stop()
        sender.buffer = SendBuffer()
        sender.sent = SentQueue()
        (recovery.sacked, recovery.lost, recovery.repeating) = (0, 0, 0)
    }

    package mutating func fail(_ failure: Failure) {
        self.failure = failure
        abort()
    }
}
