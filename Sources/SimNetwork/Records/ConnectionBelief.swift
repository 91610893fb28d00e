package import PeerNetworking

/// What each end of a connection believes: where it stands in the sequence space, which window it was given and has given, and how
/// long it waits for an acknowledgement. A fold over the records since the connection was opened, with the endpoint's own
/// estimator.
package struct ConnectionBelief {
    /// What one end believes.
    package struct End {
        /// The first sequence number that is not acknowledged (SND.UNA).
        package fileprivate(set) var unacknowledged: Int64 = 0
        /// The next that it sends (SND.NXT).
        package fileprivate(set) var next: Int64 = 0
        /// The window that the other end has given it, in bytes (SND.WND).
        package fileprivate(set) var window: Int64 = 0
        /// The next that it expects (RCV.NXT), as it has said last.
        package fileprivate(set) var expects: Int64 = 0
        /// The window that it has given the other end last, in bytes (RCV.WND).
        package fileprivate(set) var offers: Int64 = 0
        /// How long it waits for an acknowledgement, and what that is made of.
        package fileprivate(set) var timeout: RetransmissionTimeout
        /// Since which event it is in its state, and since when, in nanoseconds.
        package fileprivate(set) var since: (event: Int, time: Int64)?

        fileprivate var estimator: RoundTripEstimator
        fileprivate var highest: Int64 = 0
        fileprivate var windowSequence: Int64 = 0
        fileprivate var timer: EndTimer?

        fileprivate init(_ options: TCPOptions) {
            estimator = RoundTripEstimator(options: options)
            timeout = estimator.parts(options)
        }
    }

    /// The client's end.
    package private(set) var client: End
    /// The server's end.
    package private(set) var server: End

    private let connection: ConnectionID
    private let options: (client: TCPOptions, server: TCPOptions)
    private var segments: [Int64: SegmentSummary] = [:]

    /// Begins before a connection is opened.
    ///
    /// - Parameters:
    ///   - client: the options of the client's host.
    ///   - server: the options of the server's host.
    package init(_ connection: ConnectionID, client: TCPOptions, server: TCPOptions) {
        self.connection = connection
        options = (client, server)
        (self.client, self.server) = (End(client), End(server))
    }

    /// The end of a side.
    package func end(_ side: Side) -> End { side == .client ? client : server }

    /// Looks at the next event.
    package mutating func take(_ record: EventRecord) {
        if record.kind == .retransmission, record.connection == connection {
            for side in Side.allCases where end(side).timer?.due == record.time { fire(side) }
        }
        for change in record.changes {
            switch change {
            case .sent(let segment), .duplicated(let segment, _):
                guard segment.connection == connection else { continue }
                segments[segment.number] = segment
                if case .sent = change { send(segment, at: record.time) }
            case .arrived(let number):
                if let segment = segments.removeValue(forKey: number) { receive(segment, at: record.time) }
            case .lost(let number, _): segments[number] = nil
            case .tcp(connection, let side, _): self.change(side) { $0.since = (record.number, record.time) }
            case .end(connection, let side, let moved):
                if moved.fields.contains(.timer) { self.change(side) { $0.timer = moved.timer } }
            default: continue
            }
        }
    }

    private mutating func change(_ side: Side, _ change: (inout End) -> Void) {
        let options = side == .client ? self.options.client : self.options.server
        if side == .client {
            change(&client)
            client.timeout = client.estimator.parts(options)
        } else {
            change(&server)
            server.timeout = server.estimator.parts(options)
        }
    }

    /// A timer of an end came: what waits for an answer waits twice as long.
    private mutating func fire(_ side: Side) {
        switch end(side).timer?.kind {
        case .retransmission?, .windowProbe?: change(side) { $0.estimator.backOff() }
        case .keepAlive?, .finWait?, .timeWait?, nil: break
        }
    }

    private mutating func send(_ segment: SegmentSummary, at now: Int64) {
        guard segment.notice == nil else { return }
        let takes = Int64(segment.length) + (segment.flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        change(segment.from) { end in
            if segment.flags.contains(.ack) { end.expects = segment.acknowledgement }
            end.offers = Int64(segment.window)
            switch segment.purpose {
            case .windowProbe, .keepAliveProbe, .windowUpdate: return
            case .plain, .repetition: break
            }
            guard takes > 0 else { return }
            end.next = segment.sequence + takes
            // What goes again gives no sample, whatever it has that is new; of a SYN, not what it was sent for either.
            if segment.purpose == .plain {
                end.estimator.sent(upTo: end.next, at: now)
            } else if segment.flags.contains(.syn) {
                end.estimator.forgetSample()
            }
            end.highest = max(end.highest, end.next)
        }
    }

    private mutating func receive(_ segment: SegmentSummary, at now: Int64) {
        guard segment.flags.contains(.ack), !segment.flags.contains(.rst), segment.notice == nil else { return }
        let options = segment.from == .client ? self.options.server : self.options.client
        change(segment.from.other) { end in
            let acknowledged = segment.acknowledgement
            guard acknowledged >= end.unacknowledged, acknowledged <= end.highest else { return }
            let wasProbing = end.timer?.kind == .windowProbe
            if acknowledged > end.unacknowledged || segment.sequence > end.windowSequence
                || (segment.sequence == end.windowSequence && Int64(segment.window) > end.window)
            {
                (end.window, end.windowSequence) = (Int64(segment.window), segment.sequence)
            }
            if acknowledged > end.unacknowledged {
                end.unacknowledged = acknowledged
                end.next = max(end.next, acknowledged)
                end.estimator.acknowledged(upTo: acknowledged, at: now, options)
            } else if wasProbing, end.window > 0 {
                end.estimator.endBackOff()
            }
        }
    }
}

/// How long an end waits for an acknowledgement (RFC 6298), and what that is made of; in nanoseconds.
package struct RetransmissionTimeout: Hashable, Sendable {
    /// The timeout, backoff included.
    package var timeout: Int64
    /// The smoothed round trip (SRTT); nil before the first sample.
    package var smoothed: Int64?
    /// How far round trips vary (RTTVAR).
    package var variation: Int64
    /// How often the timeout was doubled since the last acknowledgement.
    package var doublings: Int32
}
