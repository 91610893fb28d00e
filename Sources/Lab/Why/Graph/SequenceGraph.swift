package import PeerNetworking
package import SimNetwork
import TCP

/// The time–sequence graph of a direction of a connection, as its sender sees it (Shepard 1991, as `tcptrace` draws it): what was
/// sent and went again, what was lost of it, what was acknowledged, and its congestion window.
package struct SequenceGraph {
    /// Some bytes of the stream, at a moment.
    package struct Mark {
        /// What is told of them.
        package enum Kind: Int, Hashable, Sendable {
            /// They went for the first time.
            case sent
            /// The other end has told that it has them, beyond a gap.
            case selected
            /// They went again.
            case repeated
            /// They went, and were lost.
            case lost
        }

        package let event: Int
        package let time: Int64
        /// Sequence numbers.
        package let bytes: Range<Int64>
        package fileprivate(set) var kind: Kind
    }

    /// An acknowledgement that has come.
    package struct Acknowledgement {
        package let event: Int
        package let time: Int64
        /// What is acknowledged up to here.
        package let number: Int64
        /// The right edge of the window.
        package let edge: Int64
    }

    /// The congestion window from a moment on.
    package struct Congestion {
        package let event: Int
        package let time: Int64
        /// Segments.
        package let window: Int32
        /// Segments; `Int32.max` where nothing has bounded slow start yet.
        package let threshold: Int32
        /// A `LossRecovery.State`, by its number.
        package let recovery: Int32
    }

    /// The times that are looked at.
    package private(set) var times: ClosedRange<Int64>
    /// What was sent and told of, in order of time.
    package private(set) var marks: [Mark] = []
    /// What was acknowledged, in order of time.
    package private(set) var acknowledgements: [Acknowledgement] = []
    /// The congestion window, in order of time; the first is that of before, where it is known.
    package private(set) var congestion: [Congestion] = []
    /// There is more before these times that was not looked at: it is too much.
    package let isCut: Bool

    /// Events that are looked through at most: a picture is made with every key.
    private static let mostEvents = 12_000
    /// Events before the first time, which tell what stands there.
    private static let eventsBefore = 300

    private let connection: ConnectionID
    private let side: Side
    /// Where the segments of the side stand among the marks, by their numbers.
    private var own: [Int64: Int] = [:]
    /// The other side's segments that are on their way.
    private var answers: [Int64: SegmentSummary] = [:]

    /// Reads the graph off the records up to the cursor.
    ///
    /// - Parameters:
    ///   - side: the sender.
    ///   - span: how far it goes back, in nanoseconds; nil for the whole life of the connection.
    package init(_ connection: ConnectionID, from side: Side, back span: Int64? = nil, in snapshot: Snapshot) {
        (self.connection, self.side) = (connection, side)
        let records = snapshot.records
        let least = max(1, records.first, snapshot.event - Self.mostEvents)
        let opened = snapshot.world.connection(connection)?.openedAt ?? 0
        let wanted = max(opened, span.map { snapshot.reached - $0 } ?? 0)
        let first = records.firstEvent(from: wanted, in: least...max(least, snapshot.event))
        let start = first > least || snapshot.event < least ? wanted : records.head(ofEvent: least).time
        isCut = start > wanted
        times = max(0, min(start, snapshot.reached))...max(snapshot.reached, start + 1)
        for number in stride(from: max(least, first - Self.eventsBefore), through: snapshot.event, by: 1) {
            take(records[event: number])
        }
        guard span == nil, let last = [marks.last?.time, acknowledgements.last?.time].compactMap({ $0 }).max() else {
            return
        }
        // Of a connection at rest that is shown which is not rest.
        let end = last + max(1, (last - times.lowerBound) / 16)
        times = times.lowerBound...max(times.lowerBound + 1, min(end, times.upperBound))
    }

    /// An empty graph, for records that are given to ``take(_:)`` one after the other.
    ///
    /// - Parameters:
    ///   - side: the sender.
    ///   - times: those that are shown, in nanoseconds.
    init(_ connection: ConnectionID, from side: Side, in times: ClosedRange<Int64>) {
        (self.connection, self.side, self.times) = (connection, side, times)
        isCut = false
    }

    /// The sender.
    var sender: Side { side }

    /// The side of a connection that has come further in what it sends, by its latest segments.
    package static func sender(of connection: ConnectionID, in snapshot: Snapshot) -> Side {
        let records = snapshot.records
        let least = max(1, records.first, snapshot.event - mostEvents)
        var (client, server): (Int64?, Int64?)
        for number in stride(from: snapshot.event, through: least, by: -1) {
            for case .sent(let segment) in records[event: number].changes
            where segment.connection == connection && segment.notice == nil && segment.ordinal > 0 {
                let reached = segment.sequence + Int64(segment.length)
                if segment.from == .client { client = client ?? reached } else { server = server ?? reached }
            }
            if let client, let server { return server > client ? .server : .client }
        }
        return client == nil && server != nil ? .server : .client
    }

    /// Nothing was sent, and nothing acknowledged, in these times.
    package var isEmpty: Bool { marks.isEmpty && acknowledgements.isEmpty }

    /// What an event has to do with it.
    package func change(of record: EventRecord) -> Change? {
        let isSent = { (change: Change) in
            if case .sent(let segment) = change {
                segment.connection == connection && segment.from == side
            } else {
                false
            }
        }
        return record.changes.first(where: isSent)
            ?? record.changes.first { if case .arrived = $0 { record.connection == connection } else { false } }
    }

    /// The events that it shows, in order.
    package var events: [Int] {
        var all: Set<Int> = []
        for mark in marks { all.insert(mark.event) }
        for acknowledgement in acknowledgements { all.insert(acknowledgement.event) }
        return all.sorted()
    }

    /// Takes in an event.
    mutating func take(_ record: EventRecord) {
        let isShown = record.time >= times.lowerBound
        for change in record.changes {
            if case .sent(let segment) = change {
                guard segment.connection == connection, segment.notice == nil else { continue }
                if segment.from == side { send(segment, record, isShown) } else { answers[segment.number] = segment }
            } else if case .lost(let number, _) = change {
                if let place = own.removeValue(forKey: number) { marks[place].kind = .lost }
                answers[number] = nil
            } else if case .arrived(let number) = change {
                own[number] = nil
                if let answer = answers.removeValue(forKey: number) { receive(answer, record, isShown) }
            } else if case .end(connection, side, let change) = change {
                follow(change, record, isShown)
            }
        }
    }

    private mutating func send(_ segment: SegmentSummary, _ record: EventRecord, _ isShown: Bool) {
        let takes = Int64(segment.length) + (segment.flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        guard takes > 0, isShown else { return }
        own[segment.number] = marks.count
        marks.append(
            Mark(
                event: record.number, time: record.time, bytes: segment.sequence..<segment.sequence + takes,
                kind: segment.purpose.isRepetition ? .repeated : .sent))
    }

    private mutating func receive(_ segment: SegmentSummary, _ record: EventRecord, _ isShown: Bool) {
        guard segment.flags.contains(.ack), !segment.flags.contains(.rst) else { return }
        if !isShown { acknowledgements.removeAll() }
        acknowledgements.append(
            Acknowledgement(
                event: record.number, time: max(record.time, times.lowerBound), number: segment.acknowledgement,
                edge: segment.acknowledgement + Int64(segment.window)))
        guard isShown else { return }
        for block in segment.blocks {
            marks.append(Mark(event: record.number, time: record.time, bytes: block, kind: .selected))
        }
    }

    private mutating func follow(_ change: EndChange, _ record: EventRecord, _ isShown: Bool) {
        let fields: [EndLevel] = [.congestionWindow, .slowStartThreshold, .recovery]
        guard fields.contains(where: { change.fields.contains(.level($0)) }) else { return }
        func value(_ level: EndLevel, _ before: Int32?) -> Int32 {
            change.fields.contains(.level(level)) ? change.levels[level] : before ?? 0
        }
        let last = congestion.last
        if !isShown { congestion.removeAll() }
        congestion.append(
            Congestion(
                event: record.number, time: max(record.time, times.lowerBound),
                window: value(.congestionWindow, last?.window), threshold: value(.slowStartThreshold, last?.threshold),
                recovery: value(.recovery, last?.recovery)))
    }
}

extension RecordLog {
    /// The first event of a time or later among some; the one behind the last where there is none.
    fileprivate func firstEvent(from time: Int64, in events: ClosedRange<Int>) -> Int {
        var (low, high) = (events.lowerBound, events.upperBound + 1)
        while low < high {
            let middle = (low + high) / 2
            if middle > count || head(ofEvent: middle).time >= time { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
