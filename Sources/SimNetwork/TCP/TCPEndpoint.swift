import Bug
import NIOCore
import PeerNetworking

/// One end of a connection: a value-type state machine after RFC 9293.
///
/// The shell around it feeds it segments, the application's calls and the time, then pulls the segments it wants to
/// send with ``nextSegment(at:)`` until there are none, and wakes it at ``deadline``. Not modelled: congestion control,
/// SACK, urgent data, sequence numbers that wrap.
struct TCPEndpoint {
    /// What the application's next call is told.
    enum Failure: UInt8 {
        case refused
        case reset
        /// A reset after the other side's FIN.
        case broken
        case timedOut
        /// The network says that the host cannot be reached.
        case hostUnreachable
        /// The network says that it cannot be reached.
        case networkUnreachable

        var code: NetworkError.Code {
            switch self {
            case .refused: .connectionRefused
            case .reset: .connectionReset
            case .broken: .brokenPipe
            case .timedOut: .timedOut
            case .hostUnreachable: .hostUnreachable
            case .networkUnreachable: .networkUnreachable
            }
        }
    }

    private(set) var sharedOptions: SharedTCPOptions
    var options: TCPOptions {
        @inline(__always)
        get { sharedOptions.value }
    }
    var state: TCPState = .closed
    /// Set once the connection has failed; the application hears of it at its next call.
    var failure: Failure?

    // Send sequence space (RFC 9293, 3.3.1)
    var sendBuffer = SendBuffer()
    /// The oldest unacknowledged sequence number (SND.UNA).
    var unacknowledged: Int64 = 0
    /// The next sequence number to send (SND.NXT); goes back to SND.UNA after a timeout.
    var sendNext: Int64 = 0
    /// One beyond the highest sequence number ever sent.
    var sendHighest: Int64 = 0
    /// Bytes that the other side will take beyond SND.UNA (SND.WND).
    var sendWindow: Int64 = 0
    /// The sequence number of the segment that the window was taken from (SND.WL1).
    var windowSequence: Int64 = 0
    /// Payload bytes of a segment, at most: the least of what both ends and the way take.
    var segmentSize: Int32
    /// The application has closed its sending half: a FIN follows the last byte.
    var finQueued = false

    /// Which of the sockets that the connection's server has had this is, or has answered this; 0 for a client that was not
    /// answered yet.
    private(set) var life: UInt32
    /// It is the server's end, whose lives are numbered.
    private let namesLife: Bool

    // Receive sequence space
    var receiveBuffer = ReceiveBuffer()
    /// The right edge of the window that was last advertised.
    var advertisedEdge: Int64 = 0
    /// The other side's FIN has been received in order: after the bytes that are left, the stream ends.
    var endOfStream = false
    /// The sequence number of a FIN that came ahead of a gap.
    var finAhead: Int64?
    /// The other side has sent data beyond any window that it was told of.
    var windowWasOverrun = false
    /// Something arrived that wants an acknowledgement; data on the way back carries it.
    var acknowledgementPending = false
    /// The acknowledgement that is wanted tells of room in the receive buffer.
    var isWindowUpdate = false
    /// The application has closed the socket: what arrives now is answered with a reset.
    var orphaned = false

    // Timers
    var estimator: RoundTripEstimator
    /// When the running timer is due, in nanoseconds; which one it is follows from the state.
    var deadline: Int64?
    /// The running timer is that of an idle connection.
    var isIdleTimer = false
    /// A keep-alive probe is wanted.
    var keepAliveWanted = false
    /// Keep-alive probes without an answer.
    var probesUnanswered: Int32 = 0
    /// What the network said last of the way; told where the connection times out.
    var softFailure: Failure?
    /// When what is repeated was sent first.
    var stalledSince: Int64 = 0
    /// After a timeout one segment is sent at a time, until an acknowledgement comes.
    var recovering = false
    /// A zero-window probe is wanted.
    var probeWanted = false
    /// How often the current segment was repeated.
    var repeats: Int32 = 0
    /// Segments repeated in the connection's life.
    var retransmissions: Int64 = 0

    init(options: TCPOptions) {
        self.init(SharedTCPOptions(options))
    }

    /// Makes a closed endpoint.
    ///
    /// - Parameter serverLife: of a server's end, its number among those that the connection has had, from 1.
    init(_ shared: SharedTCPOptions, serverLife: UInt32 = 0) {
        sharedOptions = shared
        life = serverLife
        namesLife = serverLife > 0
        let options = shared.value
        segmentSize = options.maximumSegmentSize
        estimator = RoundTripEstimator(options: options)
        advertisedEdge = 1 + Int64(options.receiveBuffer)
    }

    // MARK: What the shell and the application see

    /// Bytes written and not yet acknowledged.
    var sendQueued: Int { sendBuffer.count }
    /// Sequence numbers sent and not yet acknowledged.
    var inFlight: Int { Int(sendHighest - unacknowledged) }
    /// Bytes that may be written before the send buffer is full.
    var writable: Int {
        switch state {
        case .established, .closeWait: finQueued ? 0 : max(0, Int(options.sendBuffer) - sendBuffer.count)
        case .closed, .synSent, .synReceived, .finWait1, .finWait2, .closing, .lastAck, .timeWait: 0
        }
    }
    /// The receive window: what is free in the receive buffer.
    var receiveWindow: Int32 { max(0, options.receiveBuffer - Int32(receiveBuffer.count)) }
    /// The timer that runs.
    var timer: EndTimer? {
        @inline(__always)
        get {
            // No `map`: what its closure captures is a copy of all that this is.
            guard let deadline else { return nil }
            return EndTimer(kind: timerKind, due: deadline)
        }
    }

    private var timerKind: EndTimer.Kind {
        @inline(__always)
        get {
            switch state {
            case .timeWait: .timeWait
            case .finWait2: .finWait
            case .closed, .synSent, .synReceived, .established, .finWait1, .closeWait, .closing, .lastAck:
                isIdleTimer ? .keepAlive : probing ? .windowProbe : .retransmission
            }
        }
    }

    /// Whether the handshake is behind it.
    var isSynchronised: Bool {
        switch state {
        case .closed, .synSent, .synReceived: false
        case .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait: true
        }
    }

    /// Changes options of this end alone.
    mutating func set(at now: Int64, _ change: (inout TCPOptions) -> Void) {
        var options = options
        change(&options)
        sharedOptions = SharedTCPOptions(options)
        guard isSynchronised, deadline == nil || isIdleTimer else { return }
        restartIdleTimer(at: now)
    }

    /// Whether a segment is of another life of the server's end: one of the two sides does not know this connection.
    func isStranger(_ segment: TCPSegment) -> Bool { segment.life != life && !(namesLife && segment.life == 0) }

    /// Takes in which socket of the server has answered.
    mutating func agreeOnLife(of segment: TCPSegment) {
        if !namesLife { life = segment.life }
    }

    /// Leaves the connection for a segment that belongs to another: what is sent in reply is what it asked for.
    mutating func abort(answering segment: TCPSegment) {
        abort()
        life = segment.life
        sendHighest = segment.acknowledgement
    }

    /// Takes in the MSS option of a SYN.
    mutating func agree(on syn: TCPSegment) {
        if syn.maximumSegmentSize > 0 { segmentSize = min(segmentSize, Int32(syn.maximumSegmentSize)) }
    }

    // MARK: The application's calls

    /// Opens actively: a SYN will be sent.
    mutating func connect() {
        insist(state == .closed, "connect on an endpoint that is \(state)")
        state = .synSent
    }

    /// Opens passively, on the SYN that a listener received.
    mutating func accept(syn: TCPSegment) {
        insist(state == .closed, "accept on an endpoint that is \(state)")
        state = .synReceived
        sendWindow = Int64(syn.window)
        agree(on: syn)
    }

    /// Takes bytes of the application; the caller has asked ``writable`` before.
    mutating func write(_ bytes: ByteBuffer) {
        insist(bytes.readableBytes <= writable, "write of \(bytes.readableBytes) bytes into \(writable) free")
        sendBuffer.append(bytes)
    }

    /// Gives the application bytes, and tells the other side when much room has come free.
    mutating func read(upTo maximum: Int) -> ByteBuffer? {
        guard let bytes = receiveBuffer.read(upTo: maximum) else { return nil }
        // A window update is sent for half the buffer or a full segment, whichever is less (RFC 9293, 3.8.6.2.2).
        let edge = receiveBuffer.next + Int64(receiveWindow)
        let threshold = min(Int64(segmentSize), Int64(options.receiveBuffer) / 2)
        if advertisedEdge - receiveBuffer.next < threshold, edge - advertisedEdge >= threshold, !endOfStream {
            isWindowUpdate = !acknowledgementPending
            acknowledgementPending = true
        }
        return bytes
    }

    /// Closes the sending half.
    mutating func shutdownWrite() {
        guard !finQueued else { return }
        switch state {
        case .established, .synReceived:
            finQueued = true
            state = .finWait1
        case .closeWait:
            finQueued = true
            state = .lastAck
        case .closed, .synSent, .finWait1, .finWait2, .closing, .lastAck, .timeWait:
            break
        }
    }

    /// Closes the socket for good. Unread bytes turn the close into a reset (RFC 2525, 2.17), as does an open handshake.
    ///
    /// - Returns: whether a reset is to be sent and the endpoint forgotten.
    mutating func close(at now: Int64) -> Bool {
        orphaned = true
        switch state {
        case .closed, .timeWait:
            return false
        case .synSent:
            state = .closed
            deadline = nil
            return false
        case .synReceived, .established, .closeWait, .finWait1, .finWait2, .closing, .lastAck:
            if receiveBuffer.count > 0 {
                state = .closed
                deadline = nil
                return true
            }
            shutdownWrite()
            if state == .finWait2 { deadline = now + options.finTimeout }
            return false
        }
    }

    /// Ends the connection without a word to the other side's application but a reset.
    mutating func abort() {
        state = .closed
        deadline = nil
        sendBuffer = SendBuffer()
    }

    mutating func fail(_ failure: Failure) {
        self.failure = failure
        abort()
    }
}
