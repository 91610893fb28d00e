package import PeerNetworking
import TCP

/// What each end of a connection believes: where it stands in the sequence space, which window it was given and has given, and how
/// long it waits for an acknowledgement. A fold over the records since the connection was opened.
package struct ConnectionBelief {
    /// What one end believes.
    package struct End {
        /// The first sequence number that is not acknowledged (SND.UNA).
        package fileprivate(set) var unacknowledged: Int64 = 0
        /// The next that it sends (SND.NXT).
        package fileprivate(set) var next: Int64 = 0
        /// The window that the other end has given it, in bytes (SND.WND).
        package fileprivate(set) var window: Int64 = 0
        /// The next that it expects (RCV.NXT): all before it has come.
        package fileprivate(set) var expects: Int64 = 0
        /// How many bytes beyond that it takes, by the window that it has given last (RCV.WND).
        package var offers: Int64 { max(0, edge - expects) }
        /// Since which event it is in its state, and since when, in nanoseconds.
        package fileprivate(set) var since: (event: Int, time: Int64)?

        fileprivate var windowSequence: Int64 = 0
        /// The right edge of the window that it has given last.
        fileprivate var edge: Int64 = 0
        /// What has come beyond a gap.
        fileprivate var ahead: [Range<Int64>] = []

        /// Bytes have come.
        fileprivate mutating func get(_ bytes: Range<Int64>) {
            ahead.append(bytes)
            while let next = ahead.firstIndex(where: { $0.lowerBound <= expects && $0.upperBound > expects }) {
                expects = ahead[next].upperBound
            }
            let expected = expects
            ahead.removeAll { $0.upperBound <= expected }
        }
    }

    /// The client's end.
    package private(set) var client = End()
    /// The server's end.
    package private(set) var server = End()

    private let connection: ConnectionID
    private var segments: [Int64: SegmentSummary] = [:]

    /// Begins before a connection is opened.
    package init(_ connection: ConnectionID) { self.connection = connection }

    /// The end of a side.
    package func end(_ side: Side) -> End { side == .client ? client : server }

    /// Looks at the next event.
    package mutating func take(_ record: EventRecord) {
        for change in record.changes {
            if case .sent(let segment) = change, segment.connection == connection {
                segments[segment.number] = segment
                send(segment)
            } else if case .duplicated(let segment, _) = change, segment.connection == connection {
                segments[segment.number] = segment
            } else if case .arrived(let number) = change, let segment = segments.removeValue(forKey: number) {
                receive(segment)
            } else if case .lost(let number, _) = change {
                segments[number] = nil
            } else if case .tcp(connection, let side, _) = change {
                self.change(side) { $0.since = (record.number, record.time) }
            }
        }
    }

    private mutating func change(_ side: Side, _ change: (inout End) -> Void) {
        if side == .client { change(&client) } else { change(&server) }
    }

    private mutating func send(_ segment: SegmentSummary) {
        // What the network makes is not the word of either end.
        guard segment.notice == nil, segment.ordinal > 0 else { return }
        let takes = Int64(segment.length) + (segment.flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        change(segment.from) { end in
            // It is its own word that counts: of what came to a full buffer nothing is left.
            if segment.flags.contains(.ack) { end.expects = segment.acknowledgement }
            end.edge = segment.acknowledgement + Int64(segment.window)
            if takes > 0 { end.next = max(end.next, segment.sequence + takes) }
        }
    }

    private mutating func receive(_ segment: SegmentSummary) {
        let takes = Int64(segment.length) + (segment.flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        if takes > 0, segment.notice == nil {
            change(segment.from.other) { $0.get(segment.sequence..<segment.sequence + takes) }
        }
        guard segment.flags.contains(.ack), !segment.flags.contains(.rst), segment.notice == nil else { return }
        change(segment.from.other) { end in
            let acknowledged = segment.acknowledgement
            guard acknowledged >= end.unacknowledged, acknowledged <= end.next else { return }
            if acknowledged > end.unacknowledged || segment.sequence > end.windowSequence
                || (segment.sequence == end.windowSequence && Int64(segment.window) > end.window)
            {
                (end.window, end.windowSequence) = (Int64(segment.window), segment.sequence)
            }
            end.unacknowledged = acknowledged
        }
    }
}
